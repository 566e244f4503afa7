// Stand-in for other systems of daily supervision: CloudEvents 1.0 over Kafka. The brokers are librdkafka's mock cluster in a
// process of its own (kafka_broker); this side speaks to them through kcat. It takes the gateway's triggers in both content
// modes and answers with results, structured and binary.
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const partner = 'daily';
export const title = '其他日常监管业务系统';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const resultType = 'cn.example.supervision.result.v1';
const kinds = ['inspection', 'sampling', 'special-equipment', 'licence'];

function brokerProgram() {
  const beside = process.env.TONGQU_BIN ? [path.join(path.dirname(process.env.TONGQU_BIN), 'kafka_broker')] : [];
  const found = [...beside, ...['release', 'dev', 'asan', 'tsan'].map((preset) => path.join(root, 'build', preset, 'kafka_broker'))].find((file) => fs.existsSync(file));
  if (!found) throw new Error('kafka_broker is not built');
  return found;
}

// What the platform passes to daily supervision.
export const clue = (n, more = {}) => ({
  clueNo: `XS2026${String(n).padStart(6, '0')}`, caseid: `1110108202611240000${String(n % 20).padStart(6, '0')}`, kind: kinds[n % 4], time: '2026-11-24T10:00:00+08:00', unit: '海淀区市场监督管理局', officer: '王建国',
  subjectname: '好再来超市', addr: '海淀区中关村大街1号', socialcode: '91350100M000100Y43', objname: '散装糕点', applbasquename: '01', urgency: '1', providername: '段正淳', providertel: '18049531999', tsnr: '我叫段正淳，买到霉变糕点。', summary: '涉嫌销售霉变食品。', ...more,
});

// What an inspection found.
export const result = (n, more = {}) => ({
  taskNo: `RW2026${String(n).padStart(6, '0')}`, matterNo: `1110108202611240000${String(n % 20).padStart(6, '0')}`, kind: kinds[n % 4], finishedAt: '2026-11-25T09:30:00+08:00', unit: '海淀区市场监督管理局中关村所', inspector: '李四',
  target: { name: '好再来超市', address: '海淀区中关村大街1号', uscc: '91350100M000100Y43' }, result: String(1 + (n % 5)), resultText: '现场检查，已下架。', ...more,
});

const event = (n, data, more = {}) => ({ specversion: '1.0', id: `R-${n}`, source: '/daily/inspection', type: resultType, subject: data.matterNo, time: '2026-11-25T09:30:01+08:00', datacontenttype: 'application/json', data, ...more });

export async function open(ctx) {
  const broker = spawn(brokerProgram(), ['supervision.triggers:4', 'supervision.results:4', 'supervision.results.dead:1'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const children = [broker];
  const killAll = () => { for (const child of children) child.kill('SIGKILL'); };
  process.on('exit', killAll);
  const brokers = await new Promise((resolve, reject) => {
    broker.stdout.once('data', (chunk) => resolve(chunk.toString().match(/brokers=(\S+)/)[1]));
    broker.once('exit', () => reject(new Error('kafka_broker ended')));
  });
  ctx.edit('partners/daily.yaml', (text) => text.replaceAll('brokers: 127.0.0.1:18692', `brokers: ${brokers}`));
  ctx.log(`brokers on ${brokers}`);

  const state = { sent: 0, turnedBack: 0, next: 1, taken: new Map(), perKey: new Map(), copies: 0, dead: [], problems: [] };

  function take(record) {
    const headers = Object.fromEntries(Array.from({ length: (record.headers ?? []).length / 2 }, (_, i) => [record.headers[2 * i], record.headers[2 * i + 1]]));
    const got = headers['content-type']?.startsWith('application/cloudevents+json')
      ? JSON.parse(record.payload)
      : { specversion: headers.ce_specversion, id: headers.ce_id, source: headers.ce_source, type: headers.ce_type, subject: headers.ce_subject, data: JSON.parse(record.payload) };
    state.copies += 1;
    if (got.specversion !== '1.0' || !got.id || !got.source) state.problems.push('no CloudEvent');
    if (record.key !== got.data.matterNo) state.problems.push('the key is not the matter');
    const known = state.taken.get(got.id);
    if (known && known.payload !== record.payload) state.problems.push('same id, other bytes');
    if (known) return; // the id is known: no second effect
    state.taken.set(got.id, { ...got, payload: record.payload, headers });
    const before = state.perKey.get(record.key) ?? [];
    if (before.length > 0 && before.at(-1) > got.data.clueNo) state.problems.push(`order of a matter: ${before.at(-1)} before ${got.data.clueNo}`);
    state.perKey.set(record.key, [...before, got.data.clueNo]);
  }

  // -E: kcat stays while all brokers are down.
  function follow(topic, onRecord) {
    const child = spawn('kcat', ['-C', '-E', '-q', '-u', '-J', '-b', brokers, '-t', topic, '-o', 'beginning', '-X', 'reconnect.backoff.max.ms=500', '-X', 'topic.metadata.refresh.interval.ms=500'], { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    readline.createInterface({ input: child.stdout }).on('line', (line) => { try { onRecord(JSON.parse(line)); } catch (error) { state.problems.push(error.message); } });
    child.on('exit', () => { if (!closing) state.problems.push(`kcat of ${topic} ended`); });
  }
  let closing = false;
  follow('supervision.triggers', take);
  follow('supervision.results.dead', (record) => state.dead.push(record));

  // Lines "key TAB value" with the same headers. kcat gives up when all brokers are down; then it is asked again.
  function produce(lines, headers) {
    const args = ['-P', '-b', brokers, '-t', 'supervision.results', '-K', '\t', '-X', 'acks=all', '-X', 'enable.idempotence=true', ...headers.flatMap((header) => ['-H', header])];
    const end = Date.now() + 60000;
    const once = () => new Promise((resolve, reject) => {
      const child = spawn('kcat', args, { stdio: ['pipe', 'ignore', 'pipe'] });
      let error = '';
      child.stderr.on('data', (chunk) => { error += chunk; });
      child.stdin.on('error', () => {});
      child.on('close', (code) => {
        if (code === 0) resolve();
        else if (/brokers are down/.test(error) && Date.now() < end) setTimeout(() => once().then(resolve, reject), 200);
        else reject(new Error(`kcat: ${error}`));
      });
      child.stdin.end(lines.map(([key, value]) => `${key}\t${value}\n`).join(''));
    });
    return once();
  }
  const structured = (events) => produce(events.map((one) => [one.subject, JSON.stringify(one)]), ['content-type=application/cloudevents+json; charset=utf-8']);
  const binary = (one) => produce([[one.subject, JSON.stringify(one.data)]], [`ce_specversion=${one.specversion}`, `ce_id=${one.id}`, `ce_source=${one.source}`, `ce_type=${one.type}`, `ce_subject=${one.subject}`, 'content-type=application/json']);
  const say = (command) => broker.stdin.write(`${command}\n`);

  return {
    state, brokers, structured, binary, event, say, produce,
    async send(count) {
      const from = state.next;
      state.next += count;
      const events = Array.from({ length: count }, (_, i) => event(from + i, result(from + i)));
      await structured(events.slice(1));
      await binary(events[0]);
      state.sent += count;
      for (let n = from; n < from + count; n += 1) await ctx.platform('state', { service: 'supervision.event', ...clue(n) });
    },
    figures: async () => ({ sent: state.sent, turnedBack: state.turnedBack, received: state.taken.size, problems: [...state.problems] }),
    // slow, silent: brokers answer `ms` later for a while; cut: answers to the next `count` writes are lost; down: brokers are gone for
    // `ms`; duplicate: the last results again; garbage: `count` records that are no events.
    async misbehave({ mode, count = 1, ms = 2000 }) {
      if (mode === 'garbage') {
        state.turnedBack += count;
        state.sent += count;
        await produce(Array.from({ length: count }, (_, i) => ['x', `no event ${i}`]), ['x=y']);
      } else if (mode === 'slow' || mode === 'silent') {
        say(`rtt ${Math.min(ms, 5000)}`);
        setTimeout(() => say('rtt 0'), ms);
      } else if (mode === 'down') {
        say('down');
        setTimeout(() => say('up'), ms);
      } else if (mode === 'cut') {
        say(`cut ${count}`);
      } else if (mode === 'duplicate') {
        const last = Math.max(1, state.next - count);
        await structured(Array.from({ length: state.next - last }, (_, i) => event(last + i, result(last + i))));
      } else {
        throw new Error(`daily knows no fault ${mode}`);
      }
    },
    async close() {
      closing = true;
      process.off('exit', killAll);
      killAll();
    },
  };
}
