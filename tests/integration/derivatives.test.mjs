// From the wire in to the wire out: an attachment with a person's traces comes in, each recipient's message names it by a name that
// tells nothing, and what each reads is what its policy says: a copy, the original, or nothing, with the reason.
import test from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { addPartner, sendOrdersTo } from './lib/attachment_readers.mjs';
import { House, binary, order, root, slow, temporaryFolder, until } from './lib/gateway.mjs';
import { decoded, device, inFolder, jpeg, mp4, pdf, png, tagged, telling, threegp, traces, who } from './lib/metadata.mjs';
import { auditOf } from './lib/traffic.mjs';

const base = '/exchange/v1/attachments';
const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest();

// A request of `partner`, signed by docs/formats.md, section 8; gives status, headers and the bytes.
async function call(house, method, target, { body = '', partner = 'city-a', headers = {} } = {}) {
  const timestamp = String(Date.now());
  const nonce = crypto.randomBytes(16).toString('hex');
  const key = fs.readFileSync(path.join(house.secrets, `${partner}.hmac`), 'utf8').trim();
  const text = [method, target, timestamp, nonce, '', sha256(body).toString('hex')].join('\n');
  const https = await import('node:https');
  return new Promise((resolve, reject) => {
    const asked = https.request(`https://localhost:${new URL(house.partners).port}${target}`, {
      method, ca: fs.readFileSync(path.join(house.secrets, 'ca.crt')),
      headers: { 'X-Api-Key': partner, 'X-Timestamp': timestamp, 'X-Nonce': nonce, 'X-Signature': crypto.createHmac('sha256', key).update(text).digest('base64'), 'Content-Length': Buffer.byteLength(body), ...headers },
    }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const json = /json/.test(response.headers['content-type'] ?? '') ? JSON.parse(bytes.toString()) : undefined;
        resolve({ status: response.statusCode, headers: response.headers, bytes, json });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function upload(house, file, type, name = path.basename(file)) {
  const content = fs.readFileSync(file);
  const digest = sha256(content);
  const made = await call(house, 'POST', base, { body: JSON.stringify({ name, type, size: content.length, digest: `sha-256:${digest.toString('hex')}` }), headers: { 'Content-Type': 'application/json' } });
  assert.equal(made.status, 201, made.bytes.toString());
  const done = await call(house, 'PATCH', `${base}/${made.json.id}`, { body: content, headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0', 'Content-Digest': `sha-256=:${digest.toString('base64')}:` } });
  assert.equal(done.status, 204, done.bytes.toString());
  return made.json.id;
}
const send = (house, n, files, more = {}) => call(house, 'POST', '/exchange/v1/workorder.transfer', { body: JSON.stringify(order(n, { files, ...more })), headers: { 'Content-Type': 'application/json' } });
async function pull(house, partner) {
  return until('the recipient is offered a message', async () => {
    const [message] = (await call(house, 'GET', '/exchange/v1/inbox', { partner })).json?.messages ?? [];
    if (message) await call(house, 'POST', `/exchange/v1/inbox/${message.id}/ack`, { partner });
    return message;
  });
}
// The content as `partner` gets it, when it is there.
const read = (house, id, partner) => until('the copy is made', async () => {
  const answer = await call(house, 'GET', `${base}/${id}`, { partner });
  return answer.status === 503 ? undefined : answer;
}, 60);

// Orders of city A go to `other`, which pulls over HTTP, and as rows of the province's front database; both documents say where the
// first attachment is, and what it is called.
async function openHouse(policy = (text) => text) {
  return House.open({
    partners: ['city-a', 'p12315'], standins: ['p12315-b'],
    change: (house) => {
      addPartner(house, 'other', { pulls: true });
      sendOrdersTo(house, 'other', { copies: true });
      house.edit('routes/workorder-to-platform.yaml', (text) => `${text.trimEnd()}\n${text.slice(text.indexOf('  - partner: p12315')).split('\n  - partner: other')[0].replace('partner: p12315', 'partner: p12315-b').trimEnd()}\n`);
      house.edit('mappings/p12315/matter-out.map', (text) => text.replace(/^appealcontent .*$/m, 'appealcontent = $.attachments[0].name').replace(/^tsnr .*$/m, 'tsnr = $.attachments[0].url'));
      house.edit('policies/p12315.yaml', policy);
    },
  });
}

test('derivatives: a policy that lets an original go without a reason, or without a release of an informant, does not pass the check', () => {
  const folder = inFolder(temporaryFolder('derivatives-check'))('config');
  fs.cpSync(path.join(root, 'config'), folder, { recursive: true });
  const wrong = [
    ['{type: "image/*", subject: informant, treatment: original, evidence: x}', 'policy.attachment-informant'], ['{type: image/png, treatment: original}', 'policy.attachment-original'],
    ['{type: image/png, treatment: original, on_release: true, evidence: y}', 'policy.attachment-original'], ['{type: picture, treatment: derivative}', 'policy.attachment-type'],
    ['{type: "im*", treatment: derivative}', 'policy.attachment-type'], ['{type: video/mp4, treatment: derivative, evidence: y}', 'policy.attachment-unused'],
  ];
  fs.appendFileSync(path.join(folder, 'policies/p12315-report.yaml'), wrong.map(([rule]) => `  - ${rule}\n`).join(''));
  const checked = spawnSync(binary, ['check', '-c', folder, '--no-secrets', '--format', 'json'], { encoding: 'utf8' });
  assert.equal(checked.status, 1);
  assert.deepEqual(JSON.parse(checked.stdout).filter((fault) => fault.grade === 'error').map((fault) => fault.code), wrong.map(([, code]) => code));
});

test('derivatives: recipients over two protocols are told the same harmless name, and read a copy without traces', { timeout: 240000 * slow }, async () => {
  const at = inFolder(temporaryFolder('derivatives'));
  const house = await openHouse();
  const file = jpeg(at('a.jpg'));
  const id = await upload(house, file, 'image/jpeg', `${who}的举报.jpg`);
  const sent = await send(house, 1, `${base}/${id}`);
  assert.equal(sent.headers['tongqu-state'], 'stored', sent.bytes.toString());
  const message = await pull(house, 'other');
  await house.settled();
  const [row] = await house.standins[0].standin.matters();
  for (const told of [message.body, row]) {
    assert.equal(told.tsnr, `${base}/${id}`);
    assert.match(told.appealcontent, /^attachment-1(\.jpg)?$/);
    assert.ok(!JSON.stringify(told).includes(who), 'not the name of the sender\'s file');
  }

  const copy = await read(house, id, 'other');
  assert.equal(copy.status, 200, copy.bytes.toString());
  fs.writeFileSync(at('copy.jpg'), copy.bytes);
  assert.deepEqual(telling(at('copy.jpg')), []);
  assert.deepEqual(traces(at('copy.jpg')), []);
  assert.equal(decoded(at('copy.jpg')), decoded(file), 'every pixel is the same');
  assert.equal(copy.headers['content-disposition'], `attachment; filename="${id}.jpg"`);
  const part = await call(house, 'GET', `${base}/${id}`, { partner: 'other', headers: { Range: 'bytes=10-19' } });
  assert.ok(part.bytes.equals(copy.bytes.subarray(10, 20)));
  const own = await call(house, 'GET', `${base}/${id}`);
  assert.ok(own.bytes.equals(fs.readFileSync(file)), 'its owner has what it sent');
  const state = await call(house, 'GET', `${base}/${id}/state`, { partner: 'other' });
  assert.equal(state.json.name, undefined);
  assert.equal(Number(state.json.size ?? state.json.length ?? copy.bytes.length), copy.bytes.length);

  const { entries } = auditOf(house);
  const [derived] = entries.filter((entry) => entry.kind === 'attachment-derived');
  assert.equal(derived.attachment, id);
  assert.equal(derived.digest, `sha-256:${sha256(fs.readFileSync(file)).toString('hex')}`);
  assert.match(derived.copy_digest, /^sm3:[0-9a-f]{64}$/);
  const reads = entries.filter((entry) => entry.kind === 'attachment-read');
  assert.deepEqual(new Set(reads.map((entry) => `${entry.partner} ${entry.form} ${entry.digest}`)), new Set([`other derivative ${derived.copy_digest}`]));
  assert.equal((await call(house, 'GET', `${base}/${derived.copy}`, { partner: 'other' })).status, 404, 'a copy has no address of its own');
  assert.equal((await call(house, 'GET', `${base}/${derived.copy}`)).status, 404);

  const ledger = JSON.parse(house.cli('disclosures', '--recipient', 'other', '--reason', '测试', '--format', 'json').out);
  assert.deepEqual(ledger.disclosures[0].attachments, [{ form: 'derivative', type: 'image/jpeg' }]);
  const removed = house.cli('attachments', 'remove', id, '--reason', '测试');
  assert.equal(removed.code, 0, removed.out);
  assert.equal((await call(house, 'GET', `${base}/${id}`, { partner: 'other' })).status, 404);
  assert.deepEqual(fs.readdirSync(path.join(house.folder, 'state/attachments')).filter((name) => name.endsWith('.seg')), [], 'the copy goes with it');
  await house.close();
});

test('derivatives: by type a copy, the original or nothing; what cannot be copied is withheld with the reason', { timeout: 240000 * slow }, async () => {
  const at = inFolder(temporaryFolder('derivatives'));
  const house = await openHouse((text) => text.replace('\nattachments:\n', '\nattachments:\n  - {type: video/mp4, treatment: withhold}\n  - {type: audio/amr, treatment: original, evidence: 试验用证据接收方}\n'));
  const picture = jpeg(at('a.jpg'));
  fs.writeFileSync(at('half.jpg'), fs.readFileSync(picture).subarray(0, 9000));
  fs.writeFileSync(at('a.amr'), Buffer.concat([Buffer.from('#!AMR\n'), ...Array(20).fill(Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31, 0x55)]))]));
  const cases = [
    [pdf(at('a.pdf'), picture), 'application/pdf', 200, 'derivative'], [mp4(at('a.mp4')), 'video/mp4', 403, 'attachment.withheld'],
    [at('half.jpg'), 'image/jpeg', 403, 'attachment.copy-malformed'], [at('a.amr'), 'audio/amr', 200, 'original'],
    [png(at('a.png')), 'image/png', 200, 'derivative'], [mp4(at('a.mov')), 'video/quicktime', 200, 'derivative'], [threegp(at('a.3gp')), 'video/3gpp', 200, 'derivative'],
    [tagged(at('a.mp3')), 'audio/mpeg', 200, 'derivative'], [tagged(at('a.wav')), 'audio/wav', 200, 'derivative'], [tagged(at('a.m4a')), 'audio/mp4', 200, 'derivative'],
  ];
  for (const [i, [file, type, status, what]] of cases.entries()) {
    const id = await upload(house, file, type);
    assert.equal((await send(house, i + 1, `${base}/${id}`)).headers['tongqu-state'], 'stored');
    await pull(house, 'other');
    const answer = await read(house, id, 'other');
    assert.equal(answer.status, status, `${type}: ${answer.bytes.subarray(0, 300)}`);
    if (status !== 200) assert.equal(answer.json.code, what);
    if (what === 'attachment.copy-malformed') {
      const shown = JSON.parse(house.cli('attachments', 'show', id, '--format', 'json').out);
      assert.deepEqual([shown.copy, shown.copyCode], ['impossible', what], 'an operator sees why');
    }
    if (what === 'original') assert.ok(answer.bytes.equals(fs.readFileSync(file)));
    if (what === 'derivative') {
      assert.equal(answer.headers['content-type'], type);
      fs.writeFileSync(at('copy'), answer.bytes);
      assert.deepEqual(traces(at('copy')), []);
    }
  }
  const failed = auditOf(house).entries.filter((entry) => entry.kind === 'attachment-not-derived');
  assert.deepEqual(failed.map((entry) => entry.code), ['attachment.copy-malformed']);
  assert.match(house.gateway.output, /no copy without metadata: attachment\.copy-malformed/);
  await house.close();
});

test('derivatives: a gateway that is killed while copies are made makes them after its start', { timeout: 240000 * slow }, async () => {
  const at = inFolder(temporaryFolder('derivatives'));
  const house = await openHouse();
  const files = await Promise.all(Array.from({ length: 6 }, async (_, i) => {
    const file = jpeg(at(`${i}.jpg`));
    fs.appendFileSync(file, Buffer.alloc(64, i));
    return file;
  }));
  const ids = [];
  for (const file of files) ids.push(await upload(house, file, 'image/jpeg'));
  for (const [i, id] of ids.entries()) assert.equal((await send(house, i + 1, `${base}/${id}`)).headers['tongqu-state'], 'stored');
  await until('the first copy is under way', () => auditOf(house).entries.some((entry) => entry.kind === 'attachment-derived'));
  house.gateway.kill('SIGKILL');
  await house.gateway.exited;
  const left = fs.readdirSync(path.join(house.folder, 'state/attachments')).filter((name) => !/\.(seg|db(-wal|-shm)?)$/.test(name));
  assert.deepEqual(left, [], 'nothing in clear has a name');
  await house.run();
  for (const id of ids) {
    const answer = await read(house, id, 'other');
    assert.equal(answer.status, 200, answer.bytes.toString());
    fs.writeFileSync(at('copy.jpg'), answer.bytes);
    assert.deepEqual(traces(at('copy.jpg')), []);
    assert.ok(!answer.bytes.includes(device));
  }
  assert.equal(fs.readdirSync(path.join(house.folder, 'state/attachments')).filter((name) => name.endsWith('.seg')).length, 12, 'six originals, six copies, nothing else');
  await house.close();
});

test('derivatives: what leaves in the original on release waits for a person; released whole it is the original, else what the policy gives until then', { timeout: 120000 * slow }, async () => {
  const at = inFolder(temporaryFolder('derivatives'));
  const house = await openHouse((text) => text.replace('\nattachments:\n', '\nattachments:\n  - {type: image/jpeg, treatment: original, on_release: true, until_then: derivative}\n'));
  const decide = async (n, as) => {
    const file = jpeg(at(`${n}.jpg`));
    fs.appendFileSync(file, Buffer.from([n])); // another content each time
    const id = await upload(house, file, 'image/jpeg');
    const sent = await send(house, n, `${base}/${id}`);
    assert.equal(sent.status, 202, sent.bytes.toString());
    const { exchange } = sent.json.entry;
    const tasks = () => house.atAdmin('tasks?queue=release&limit=1000').then(({ body }) => body.tasks.filter((one) => one.exchange === exchange && one.recipient === 'other'));
    const [task] = await until('the message waits', async () => { const found = await tasks(); return found.length === 1 && found; });
    assert.match(task.reason, /attachments\[\]/);
    assert.deepEqual((await call(house, 'GET', '/exchange/v1/inbox', { partner: 'other' })).json.messages, [], 'nothing is offered before');
    assert.equal((await call(house, 'GET', `${base}/${id}`, { partner: 'other' })).status, 404, 'nor read');
    const { code, out } = house.cli('tasks', 'release', String(task.task), '--as', as, '--reason', '已核对', '--actor', '周释放');
    assert.equal(code, 0, out);
    assert.equal((await pull(house, 'other')).body.tsnr, `${base}/${id}`);
    assert.deepEqual(await tasks(), []);
    return { ...(await read(house, id, 'other')), original: fs.readFileSync(file) };
  };
  const whole = await decide(1, 'whole');
  assert.equal(whole.status, 200, whole.bytes.toString());
  assert.ok(whole.bytes.equals(whole.original));
  const scrubbed = await decide(2, 'scrubbed');
  assert.equal(scrubbed.status, 200, scrubbed.bytes.toString());
  assert.ok(!scrubbed.bytes.equals(scrubbed.original), 'the copy');
  const rows = JSON.parse(house.cli('disclosures', '--recipient', 'other', '--reason', '测试', '--format', 'json').out).disclosures;
  assert.deepEqual(rows.map((row) => row.attachments[0].form), ['derivative', 'original']);
  await house.close();
});
