// The figures against what was promised, one row each.
import { queryRows } from './query.mjs';
import { soapRows } from './soap.mjs';
import { bulkRows } from './bulk.mjs';
import { maskRows } from './mask.mjs';

export const goals = { ratio: { intl: 0.2, gm: 0.15 }, p99_ms: 20, rss_mib: 256, restart_ms: 2000, proof_s: 5 };

const whole = (n) => Math.round(n).toLocaleString('en-US');

function rows(suite, figures, goal) {
  const out = [];
  const add = (what, value, promised = '', kept = undefined) => out.push([suite, what, value, promised, kept === undefined ? '' : kept ? 'yes' : 'NO']);
  const { throughput: t, latency: l, bare: c, queue: q } = figures;
  if (t) {
    add('(a) nginx TLS proxy to nginx', `${whole(t.a)}/s`);
    add('(b) gateway, stored', `${whole(t.stored)}/s`);
    add('(b) gateway, settled', `${whole(t.settled)}/s`);
    add('(b)/(a), median of rounds', t.ratio.toFixed(3), `>= ${goal.ratio[suite]}`, t.ratio >= goal.ratio[suite]);
  }
  if (c) add(`(c) bare inserts, ${c.bytes} bytes, ${c.group} in a group`, `${whole(c.per_second)}/s`);
  if (c && t) add('(b)/(c)', (t.settled / c.per_second).toFixed(3));
  if (l) {
    add('to stored at 1,000/s: p50, p99.9, max', `${l.p50_ms.toFixed(1)}, ${l.p999_ms.toFixed(1)}, ${l.max_ms.toFixed(1)} ms`);
    add('to stored at 1,000/s: p99', `${l.p99_ms.toFixed(1)} ms`, `<= ${goal.p99_ms} ms`, l.p99_ms <= goal.p99_ms);
  }
  if (q) {
    add(`memory, ${whole(q.queued)} queued: first, last`, `${whole(q.rss_mib[0])}, ${whole(q.rss_mib.at(-1))} MiB`);
    add('memory, highest', `${whole(q.peak_rss_mib)} MiB`, `<= ${goal.rss_mib} MiB`, q.peak_rss_mib <= goal.rss_mib);
    for (const [signal, ms] of Object.entries(q.restart_ms)) add(`restart after ${signal}`, `${whole(ms)} ms`, `<= ${whole(goal.restart_ms)} ms`, ms <= goal.restart_ms);
    add('intake with the receiver down', `${whole(q.intake)}/s`);
    add('drain', `${whole(q.drain)}/s`, '>= intake', q.drain >= q.intake);
  }
  if (figures.proof) {
    const p = figures.proof;
    add(`proof, ${p.routes} routes × ${whole(p.fields)} fields × ${p.recipients} recipients`, `${p.seconds.toFixed(2)} s`, `<= ${goal.proof_s} s`, p.seconds <= goal.proof_s);
  }
  if (figures.query) out.push(...queryRows(suite, figures.query));
  if (figures.mask) out.push(...maskRows(suite, figures.mask));
  if (figures.soap) out.push(...soapRows(suite, figures.soap));
  out.push(...bulkRows(suite, figures));
  return out;
}

export function printTable(results, goal) {
  const table = [['suite', 'what', 'measured', 'promised', 'kept']];
  for (const [suite, figures] of Object.entries(results.suites)) table.push(...rows(suite, figures, goal));
  if (table.length === 1) return;
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
  console.log('');
  for (const row of table) console.log(row.map((cell, i) => cell.padEnd(widths[i])).join('  ').trimEnd());
}
