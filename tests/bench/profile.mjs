// Where the gateway's processor time goes while it is under load: by thread, library and function (perf).
import fs from 'node:fs';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import { root } from './process.mjs';

// Processor time of each thread so far, in microseconds (the kernel counts in hundredths of a second).
function threadTimes(pid) {
  return fs.readdirSync(`/proc/${pid}/task`).map((id) => {
    const [, name, rest] = /\((.*)\) (.*)/.exec(fs.readFileSync(`/proc/${pid}/task/${id}/stat`, 'utf8'));
    const fields = rest.split(' ');
    return { id, name, user: Number(fields[11]) * 10000, system: Number(fields[12]) * 10000 };
  });
}

function sharesOf(data, sort) {
  const report = spawnSync('perf', ['report', '-i', data, '--no-children', '-g', 'none', '--sort', sort, '--percent-limit', sort === 'symbol' ? '0.5' : '0.2', '--stdio'], { encoding: 'utf8', maxBuffer: 64 << 20 });
  return report.stdout.split('\n').filter((line) => /^\s+\d/.test(line)).slice(0, 60).map((line) => line.replace(/\s{2,}[-\s]*$/, '').slice(0, 150)).join('\n');
}

// `work(during)` puts the load on, calls during(seconds) in the middle of it and resolves to how many things were done in those seconds.
export async function profile(house, folder, say, work, seconds) {
  const data = path.join(folder, 'perf.data');
  const pid = house.gateway.pid;
  let threads = [];
  const done = await work(async () => {
    const before = new Map(threadTimes(pid).map((t) => [t.id, t]));
    const perf = spawn('perf', ['record', '-F', '997', '-g', '-o', data, '-p', String(pid), '--', 'sleep', String(seconds)], { stdio: ['ignore', 'ignore', 'inherit'] });
    await new Promise((resolve, reject) => { perf.on('exit', resolve); perf.on('error', () => reject(new Error('perf is not there: apt-get install linux-perf'))); });
    threads = threadTimes(pid).filter((t) => before.has(t.id)).map((t) => ({ name: t.name, user: t.user - before.get(t.id).user, system: t.system - before.get(t.id).system }));
  });
  say(`==> ${house.suite}: ${(done / seconds).toFixed(0)}/s; microseconds of processor time for each, user and system`);
  for (const t of threads) if (t.user + t.system > done / 2) say(`    ${t.name.padEnd(15)} ${(t.user / done).toFixed(1).padStart(5)} ${(t.system / done).toFixed(1).padStart(5)}`);
  say(`    ${'all'.padEnd(15)} ${(threads.reduce((sum, t) => sum + t.user + t.system, 0) / done).toFixed(1).padStart(5)}`);
  for (const sort of ['comm', 'dso', 'symbol']) say(`==> ${house.suite}: share of the gateway's processor time by ${sort}\n${sharesOf(data, sort)}`);
  fs.copyFileSync(data, path.join(root, 'build', `perf-${house.suite}.data`));
  say(`==> perf report -i build/perf-${house.suite}.data shows callers`);
}
