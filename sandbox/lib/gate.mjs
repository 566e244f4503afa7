// A 网闸: takes what lies ready in the outgoing folder of each zone into the incoming folder of the other one. Names with a dot in
// front are under way and are left alone.
import fs from 'node:fs';
import path from 'node:path';
import { Faults } from './misbehave.mjs';

const roundMs = 40;

export class Gate {
  // `ways`: [{from, to}]; `see(name, bytes)`: told of each file that is taken.
  constructor(ways, see = () => {}) {
    Object.assign(this, { ways, see, faults: new Faults(), stopped: false, carried: 0, later: [], newest: new Map() });
    for (const way of ways) for (const folder of [way.from, way.to]) fs.mkdirSync(folder, { recursive: true });
    this.timer = setInterval(() => this.round(), roundMs);
  }

  round() {
    if (this.stopped) return;
    const now = Date.now();
    const due = this.later.filter((one) => one.at <= now);
    this.later = this.later.filter((one) => one.at > now);
    for (const one of due) this.put(one.to, one.name, one.bytes);
    for (const way of this.ways) {
      const names = fs.existsSync(way.from) && fs.existsSync(way.to) ? fs.readdirSync(way.from).filter((name) => !name.startsWith('.')).sort() : [];
      for (const name of names) this.carry(way, name);
    }
  }

  carry({ from, to }, name) {
    const file = path.join(from, name);
    let bytes;
    try {
      bytes = fs.readFileSync(file);
      fs.rmSync(file);
    } catch {
      return; // its owner was quicker
    }
    this.carried += 1;
    this.see(name, bytes);
    const [, link, number] = name.match(/^(.*)-(\d{10})\.\w+$/) ?? [];
    if (link) this.newest.set(link, { number: Math.max(Number(number), this.newest.get(link)?.number ?? 0), to });
    const fault = this.faults.next();
    const after = (ms) => this.later.push({ at: Date.now() + ms, to, name, bytes });
    switch (fault.mode) {
      case 'slow': return after(fault.ms);
      case 'silent': return undefined; // lost
      case 'cut':
        fs.writeFileSync(path.join(to, name), bytes.subarray(0, bytes.length / 2));
        return this.faults.armed.count % 2 === 0 ? after(fault.ms) : undefined; // the rest comes, or never
      case 'duplicate': after(10 * roundMs); break;
      default: break;
    }
    return this.put(to, name, bytes);
  }

  put(folder, name, bytes) {
    const under = path.join(folder, `.${name}`);
    fs.writeFileSync(under, bytes);
    fs.renameSync(under, path.join(folder, name));
  }

  // Files that no gateway made: one with the next name of each link, one with a name of nobody.
  foreign(count) {
    for (const [link, { number, to }] of this.newest) {
      for (let i = 1; i <= count; i += 1) {
        this.put(to, `${link}-${String(number + i).padStart(10, '0')}.xml`, Buffer.from('<tongqu-link>\n网闸\n</tongqu-link>\n'));
        this.put(to, `报表${i}.xml`, Buffer.from('<报表/>'));
      }
    }
  }

  // The folders that the zones put into are away for a while.
  away(ms) {
    for (const { from } of this.ways) fs.renameSync(from, `${from}.away`);
    setTimeout(() => { for (const { from } of this.ways) this.back(from); }, ms);
  }

  back(folder) {
    if (!fs.existsSync(`${folder}.away`)) return;
    fs.mkdirSync(folder, { recursive: true });
    for (const name of fs.readdirSync(`${folder}.away`)) fs.renameSync(path.join(`${folder}.away`, name), path.join(folder, name));
    fs.rmdirSync(`${folder}.away`);
  }

  close() {
    clearInterval(this.timer);
    this.stopped = true;
  }
}
