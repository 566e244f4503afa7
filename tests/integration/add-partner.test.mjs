// docs/add-a-partner.md, word by word: each of its commands is run as it stands, against a real SFTP server and a real broker.
// Only the two ports, the login name and the folder of the demonstration differ from the page.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { House, binary, root, slow, start, until } from './lib/gateway.mjs';
import { RabbitMq, freePort } from '../../sandbox/lib/rabbitmq.mjs';

const page = fs.readFileSync(path.join(root, 'docs/add-a-partner.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text]) => text);

// The agency: its SFTP server takes orders below `folder`, its broker has the queue that it makes itself.
async function agency(house) {
  const secret = (name) => path.join(house.secrets, name);
  const folder = path.join(house.folder, 'agri');
  fs.mkdirSync(path.join(folder, 'orders'), { recursive: true });
  if (process.getuid() === 0) fs.mkdirSync('/run/sshd', { recursive: true });
  const [sshPort, brokerPort] = [await freePort(), await freePort()];
  const config = path.join(house.folder, 'sshd_config');
  fs.writeFileSync(config, `Port ${sshPort}\nListenAddress 127.0.0.1\nHostKey ${secret('credit-file-host.key')}\nAuthorizedKeysFile ${secret('agri.key.pub')}\nPasswordAuthentication no\nStrictModes no\nPidFile none\nUsePAM no\nSubsystem sftp internal-sftp -d ${folder}\nLogLevel INFO\n`);
  const server = await start('/usr/sbin/sshd', ['-D', '-e', '-f', config], /Server listening/);
  const password = crypto.randomBytes(16).toString('hex');
  const broker = await RabbitMq.start({
    folder: path.join(house.folder, 'broker'), port: brokerPort, user: 'tongqu', password,
    ca: secret('ca.crt'), certificate: secret('emergency-cap.crt'), key: secret('emergency-cap.key'),
  });
  const options = [`--url=amqps://tongqu:${password}@localhost:${brokerPort}`, '--ssl', `--cacert=${secret('ca.crt')}`, `--cert=${secret('gateway-client.crt')}`, `--key=${secret('gateway-client.key')}`];
  return { folder, sshPort, brokerPort, password, options, close: () => { server.kill(); broker.kill(); } };
}

test('a partner of a new kind, by configuration only, following the page word by word', { timeout: 180000 * slow }, async (t) => {
  const house = await House.open();
  const agri = await agency(house);
  t.after(() => agri.close());
  const env = { ...process.env, PATH: `${path.dirname(binary)}:${process.env.PATH}`, LANG: 'C.UTF-8', TONGQU_ADMIN: house.admin, TONGQU_ADMIN_TOKEN_FILE: path.join(house.secrets, 'admin.token'), AGRI_PASSWORD: agri.password };
  const run = (text) => new Promise((resolve, reject) => {
    const here = text.replaceAll('18533', agri.sshPort).replaceAll('18673', agri.brokerPort).replaceAll('exchange@', `${os.userInfo().username}@`).replace('user: exchange', `user: ${os.userInfo().username}`);
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', `AGRI_BROKER=(${agri.options.join(' ')})\n${here}`], { cwd: house.folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60000 * slow });
    let out = '';
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => { out += chunk; });
    shell.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${text}\nended with ${code}:\n${out}`))));
  });
  assert.equal(blocks.length, 12, 'the page has the commands that this test expects');
  const [add, ...rest] = blocks;
  assert.match(await run(add), /partners\/agri\.yaml/);
  const last = rest.pop();
  const outputs = [];
  for (const block of rest) outputs.push(await run(block));
  assert.match(outputs[4], /"phone":\s*"18049531999"/, 'the case shows the canonical record');
  assert.match(outputs[7], /agri\/transfer-in/, 'explain names the mapping');

  const [matter] = (await house.atPlatform('matters')).filter((one) => one.key.startsWith('agri|'));
  const { body } = matter.messages[0];
  assert.equal(body.providertel, '18049531999');
  assert.equal(body.applbasquename, '01');
  assert.equal(body.subjectname, '某某农资店');
  assert.equal(fs.readdirSync(path.join(agri.folder, 'orders')).length, 0, 'the order was moved to the archive');
  const told = await house.atPlatform('state', { service: 'workorder.progress', sourcePartner: 'agri', workOrderNo: body.workOrderNo, infotype: '1', time: '2026-11-25T10:00:00.000+08:00', state: 'IN_PROGRESS', unit: '滨江区市场监督管理局', officer: '王建国' });
  assert.equal(told.status, 202);
  assert.deepEqual(JSON.parse(await run(last)), { order: 'NY2026000001', state: 'IN_PROGRESS', at: '2026-11-25 10:00:00', unit: '滨江区市场监督管理局', officer: '王**' });

  // An order that the page does not speak of is held for a person, and nobody else is disturbed.
  fs.writeFileSync(path.join(agri.folder, 'orders/.second'), fs.readFileSync(path.join(house.config, 'cases/agri/transfer-in/first.in.xml'), 'utf8').replace('NY2026000001', 'NY2026000002').replace('投诉', '举报'));
  fs.renameSync(path.join(agri.folder, 'orders/.second'), path.join(agri.folder, 'orders/second.xml'));
  await until('it is held', async () => (await house.atAdmin('status')).body.partners.find((p) => p.partner === 'agri')?.held === 1);
  agri.close();
  await house.close();
});
