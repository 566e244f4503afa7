// The platform, or the hotline of city A, as one who asks: each question until there is an answer, as somebody does who needs it, and each time as a
// request of its own. Used by the stand-ins of registries, which send nothing by themselves.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { call } from './http.mjs';
import { hmacHeaders, messageSignatureHeaders } from './sign.mjs';

export class Asker {
  // `secrets`: folder; `gateway()`: address of the partner listener; `who`: p12315 or city-a.
  constructor({ secrets, gateway }, who = 'p12315') {
    const read = (name) => fs.readFileSync(path.join(secrets, name));
    this.gateway = gateway;
    if (who === 'p12315') {
      const key = read('p12315-sign.key').toString();
      this.sign = (target, text) => messageSignatureHeaders(who, key, 'POST', target, text);
    } else {
      const key = read(`${who}.hmac`).toString().trim();
      this.sign = (target, text) => hmacHeaders(who, key, 'sha256', 'POST', target, text);
    }
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 4, ca: read('ca.crt'), cert: read(`${who}.crt`), key: read(`${who}.key`) });
    this.asked = 0;
    this.answered = 0;
    this.problems = [];
  }

  // `questions`: {service, question, answer}, where answer is what has to come; with ready(answer), one for which it is false is asked for again.
  async ask(questions) {
    const left = [...questions];
    this.asked += left.length;
    const line = async () => { while (left.length > 0) await this.#one(left.shift()); };
    await Promise.all(Array.from({ length: 4 }, line));
  }

  async #one({ service, question, answer, ready }) {
    try {
      const said = await this.#insist(`/exchange/v1/${service}`, JSON.stringify(question), ready);
      this.answered += 1;
      if (!isDeepStrictEqual(said, answer)) this.problems.push(`${service}: an answer is not the one that the registry gave`);
    } catch (error) {
      this.problems.push(`${service}: a question is not answered: ${error.message}`);
    }
  }

  async #insist(target, text, ready = () => true, seconds = 90) {
    const end = Date.now() + seconds * 1000;
    let last = 'nothing';
    while (Date.now() < end) {
      try {
        const said = await call(this.agent, this.gateway() + target, 'POST', { ...this.sign(target, text), 'Content-Type': 'application/json' }, text);
        const body = said.status === 200 ? JSON.parse(said.body) : undefined;
        if (body && ready(body)) return body;
        last = String(said.status);
        if (said.status > 200 && said.status < 500 && said.status !== 429) break;
      } catch (error) {
        last = error.code ?? error.message;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(last);
  }

  close() { this.agent.destroy(); }
}
