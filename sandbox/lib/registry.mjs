// What the stand-ins of registries that are asked over HTTPS have in common: a server that checks the gateway's proof, shows the
// faults it is told to, and a partner of the gateway who asks through it.
import https from 'node:https';
import fs from 'node:fs';
import path from 'node:path';
import { Asker } from './asker.mjs';
import { Faults, answer } from './misbehave.mjs';
import { readBody } from './http.mjs';
import { checkHmac } from './sign.mjs';

function hmac(ctx, partner) {
  const key = fs.readFileSync(path.join(ctx.secrets, `${partner}.hmac`)).toString().trim();
  return (request, bytes) => checkHmac(request.headers, 'tongqu', key, 'sha256', request.method, request.url, bytes);
}

// `port`: the one in the partner's file, which becomes the real one. `sample(n)`: the n-th question and what has to be answered.
// `say(request, bytes)`: {status, body, type}; undefined = no such path. `refuse(message, bytes)`: the same, of a registry that turns a question
// back. `before(request, bytes)`: awaited in front of each answer. `check(request, bytes)`: what is wrong with the gateway's proof, empty when
// nothing is; an HMAC when left out. `aside(request)`: {status, body} for a request that is no question, undefined for others. `who` asks:
// p12315 or city-a.
export async function openRegistry(ctx, { partner, port, sample, say, refuse, before = async () => {}, check = hmac(ctx, partner), aside = () => undefined, who = 'p12315' }) {
  const read = (name) => fs.readFileSync(path.join(ctx.secrets, name));
  const faults = new Faults();
  const state = { received: 0, given: 0, problems: [], heard: new Map() };
  const asker = new Asker(ctx, who);
  let next = 0;
  let down = false;
  const server = https.createServer({ cert: read(`${partner}.crt`), key: read(`${partner}.key`) }, async (request, response) => {
    const bytes = await readBody(request);
    const other = aside(request);
    if (other) return answer({ mode: 'none' }, response, other.status, other.body);
    const wrong = check(request, bytes);
    if (wrong) {
      state.problems.push(`a question is signed wrongly: ${wrong}`);
      const refused = refuse(wrong, bytes);
      return answer({ mode: 'none' }, response, 401, refused.body, refused.type);
    }
    state.received += 1;
    state.heard.set(request.headers['tongqu-message-id'], bytes.toString());
    if (state.heard.size > 100000) state.heard.delete(state.heard.keys().next().value);
    await before(request, bytes);
    const fault = faults.next();
    if (fault.mode === 'refuse') {
      const refused = refuse('未授权', bytes);
      return answer({ mode: 'none' }, response, refused.status, refused.body, refused.type);
    }
    const said = say(request, bytes);
    if (!said) return answer(fault, response, 404, refuse('no such path', bytes).body);
    if (['none', 'slow', 'duplicate'].includes(fault.mode)) state.given += 1;
    return answer(fault, response, said.status, said.body, said.type);
  });
  server.on('connection', (socket) => { if (down) socket.destroy(); });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const real = server.address().port;
  ctx.edit(`partners/${partner}.yaml`, (text) => text.replaceAll(`:${port}`, `:${real}`));
  return {
    port: real,
    // A registry sends nothing by itself: a partner asks, through the gateway.
    send: (count) => asker.ask(Array.from({ length: count }, () => sample(next++))),
    figures: () => ({ sent: 0, turnedBack: 0, received: state.given, asked: asker.asked, answered: asker.answered, problems: [...state.problems, ...asker.problems] }),
    heard: () => state.heard, // message id → question, as it came
    questionsReceived: () => state.received,
    misbehave(fault) {
      if (fault.mode !== 'down') return faults.arm(fault);
      down = true;
      server.closeAllConnections();
      return void setTimeout(() => { down = false; }, fault.ms);
    },
    async close() {
      asker.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
