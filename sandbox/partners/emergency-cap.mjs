// Stand-in for emergency command, second profile: CAP 1.2 over a real RabbitMQ with TLS. It takes warnings and incidents of the
// gateway out of its priority queue, acknowledges each by a CAP acknowledgement, and gives commands and all-clears.
import fs from 'node:fs';
import path from 'node:path';
import { AmqpClient } from '../lib/amqp.mjs';
import { RabbitMq, freePort } from '../lib/rabbitmq.mjs';

export const partner = 'emergency-cap';
export const title = '应急指挥管理系统（CAP）';

const beijing = (at = new Date()) => `${new Date(at.getTime() + 8 * 3600e3).toISOString().slice(0, 19)}+08:00`;
const element = (xml, name) => xml.match(new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`))?.[1];
const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

// A document of emergency command.
export function alert({ identifier, msgType = 'Alert', sent = beijing(), references, note, responseType = 'Execute', event = '燃气泄漏', status = 'Actual', info = true, instruction = '立即停止销售并核查同批次产品。' }) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier><sender>emergency-command</sender><sent>${sent}</sent><status>${status}</status><msgType>${msgType}</msgType><scope>Private</scope><addresses>12315</addresses>${
    note ? `<note>${escape(note)}</note>` : ''}${references ? `<references>${references}</references>` : ''}${info ? `<info><language>zh-CN</language><category>Safety</category><event>${event}</event><responseType>${responseType}</responseType><urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><senderName>市应急管理局</senderName><headline>关于${event}的处置指令</headline><instruction>${instruction}</instruction><area><areaDesc>海淀区</areaDesc><geocode><valueName>GB/T 2260</valueName><value>110108</value></geocode></area></info>` : ''}</alert>`;
}

// What the platform sends for us: a warning that a person confirmed.
export function warning(n, more = {}) {
  return {
    incidentNo: `YJ2026${String(n).padStart(6, '0')}`, operation: 'create', nature: 'test', sentAt: beijing(new Date(Date.UTC(2026, 10, 24, 2, 0, 0) + n * 1000)), division: '110108', sector: '315', serial: String(n % 10),
    event: '电动自行车电池起火', category: 'Safety', urgency: 'Immediate', certainty: 'Observed', level: ['red', 'orange', 'yellow', 'blue'][n % 4], headline: '某型号电池连续起火', description: '三日内收到同一型号电池起火投诉五起。',
    areaDescription: '海淀区', areaDivision: '110108', subjectname: '幸福里家电', addr: '朝阳区建国路1号', socialcode: '91350100M000100Y43', providername: '段正淳', providertel: '18049531999', unit: '海淀区市场监督管理局', unitPhone: '010-82610000',
    confirmedBy: '王建国', confirmedAt: '2026-11-24T09:58:00+08:00', ...more,
  };
}

export const open = async (ctx) => openOn(ctx, await freePort());

export async function openOn(ctx, port) {
  const file = (name) => path.join(ctx.secrets, name);
  const password = fs.readFileSync(file('emergency-cap.amqp'), 'utf8').trim();
  const broker = await RabbitMq.start({ folder: path.join(ctx.var, 'rabbitmq'), port, user: 'tongqu', password, ca: file('ca.crt'), certificate: file('emergency-cap.crt'), key: file('emergency-cap.key') });
  ctx.edit('partners/emergency-cap.yaml', (text) => text.replaceAll('port: 18671', `port: ${port}`));
  ctx.log(`RabbitMQ on port ${port}`);

  const state = { sent: 0, turnedBack: 0, next: 1, taken: new Map(), order: [], problems: [], fault: { mode: 'none', count: 0, ms: 0 } };
  let client;
  let closing = false;

  function take(message, ack) {
    const fault = state.fault.count > 0 ? state.fault.mode : 'none';
    if (fault !== 'none') state.fault.count -= 1;
    if (fault === 'slow' || fault === 'silent') { setTimeout(() => take({ ...message }, ack), state.fault.ms); return; }
    const xml = message.body.toString();
    const known = state.taken.get(message.messageId);
    if (known !== undefined && known !== xml) state.problems.push('same message id, other bytes');
    if (known === undefined) {
      state.taken.set(message.messageId, xml);
      state.order.push(message);
      const identifier = element(xml, 'identifier');
      if (!/^\d{14}_\d{14}_\d$/.test(identifier ?? '')) state.problems.push('identifier is not of 31 characters');
      if (element(xml, 'msgType') !== 'Alert' && !element(xml, 'references')) state.problems.push('update or cancel without references');
    }
    if (fault === 'duplicate') client.publish('emergency', message.type === 'emergency.warning' ? 'warning' : 'incident', message.body, { ...message }).catch(() => {});
    ack();
  }

  async function connect() {
    client = await AmqpClient.connect({ port, user: 'tongqu', password, tls: { ca: fs.readFileSync(file('ca.crt')), cert: fs.readFileSync(file('emergency-cap.crt')), key: fs.readFileSync(file('emergency-cap.key')) } });
    const mine = client;
    await mine.exchange('emergency');
    await mine.exchange('emergency.dead');
    await mine.queue('emergency.to-command', { 'x-max-priority': 10 });
    for (const key of ['incident', 'warning']) await mine.bind('emergency.to-command', 'emergency', key);
    for (const name of ['emergency.command', 'emergency.ack', 'emergency.all-clear']) {
      await mine.queue(name, { 'x-dead-letter-exchange': 'emergency.dead', 'x-max-priority': 10 });
      await mine.queue(`${name}.dead`);
      await mine.bind(`${name}.dead`, 'emergency.dead', name);
    }
    await mine.consume('emergency.to-command', take);
    // Only now: until then who called tries again, and two that do so would be two consumers.
    mine.gone.then(async () => {
      while (!closing) {
        try { await connect(); return; } catch { await new Promise((resolve) => setTimeout(resolve, 200)); }
      }
    });
  }
  await connect();

  // What the broker did not confirm is published again, under the same id: it may come twice.
  async function patiently(what, work) {
    const end = Date.now() + 120000;
    for (;;) {
      try { return await work(); } catch (error) {
        if (closing || Date.now() > end) throw new Error(`${what}: ${error.message}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
  async function give(queue, document, more = {}) {
    state.sent += 1;
    await patiently('publish', () => client.publish('', queue, document, { contentType: 'application/xml', messageId: more.messageId ?? element(document, 'identifier'), priority: 9, ...more }));
  }

  const handedOver = async () => {
    const end = Date.now() + 120000;
    for (;;) {
      let left = 0;
      for (const queue of ['emergency.command', 'emergency.ack', 'emergency.all-clear']) left += await patiently('depth', () => client.depth(queue));
      if (left === 0) return;
      if (Date.now() > end) throw new Error(`${left} messages not taken after two minutes`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  return {
    state, broker, give, depth: (queue) => client.depth(queue),
    async send(count) {
      for (let i = 0; i < count; i += 1) {
        const n = state.next;
        state.next += 1;
        await ctx.platform('state', { service: 'emergency.warning', ...warning(n) });
        const identifier = `EC-2026-${String(n).padStart(6, '0')}`;
        const sent = beijing(new Date(Date.UTC(2026, 10, 24, 3, 0, 0) + n * 1000));
        await give('emergency.command', alert({ identifier, sent }));
        await give('emergency.ack', alert({ identifier: `${identifier}-A`, msgType: 'Ack', references: `12315,110108315000${'00'}_20261124100001_1,2026-11-24T10:00:01+08:00`, note: '已接收', info: false }));
        await give('emergency.all-clear', alert({ identifier: `${identifier}-C`, msgType: 'Cancel', responseType: 'AllClear', references: `emergency-command,${identifier},${sent}` }));
      }
      await handedOver();
    },
    figures: async () => ({ sent: state.sent, turnedBack: state.turnedBack, received: state.taken.size, problems: [...state.problems] }),
    // slow, silent: acknowledges after `ms`; duplicate: the next messages come twice; cut: the broker crashes and comes again;
    // garbage: `count` documents that are no CAP.
    async misbehave({ mode, count = 1, ms = 2000 }) {
      if (mode === 'garbage') {
        for (let i = 0; i < count; i += 1) {
          state.turnedBack += 1;
          await give('emergency.command', `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1"><identifier>old-${state.sent}</identifier></alert>`);
        }
      } else if (mode === 'cut' || mode === 'down') {
        await broker.crash();
        setTimeout(() => broker.run().catch((error) => state.problems.push(error.message)), ms);
      } else if (['slow', 'silent', 'duplicate'].includes(mode)) {
        state.fault = { mode, count, ms };
      } else {
        throw new Error(`emergency-cap knows no fault ${mode}`);
      }
    },
    async close() {
      closing = true;
      client.close();
      broker.kill();
    },
  };
}
