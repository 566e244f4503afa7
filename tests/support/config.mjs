// A copy of the shipped configuration with some of its partners only: the others and what is routed to them are taken out.
import fs from 'node:fs';
import path from 'node:path';

export function keepPartners(config, partners) {
  const names = (folder) => fs.readdirSync(path.join(config, folder)).filter((name) => name.endsWith('.yaml'));
  for (const name of names('partners')) if (!partners.includes(path.basename(name, '.yaml'))) fs.rmSync(path.join(config, 'partners', name));
  for (const name of names('routes')) {
    const file = path.join(config, 'routes', name);
    const [head, ...recipients] = fs.readFileSync(file, 'utf8').split(/^(?=  - partner: )/m);
    const kept = recipients.filter((text) => partners.includes(text.match(/^  - partner: (\S+)/)[1]));
    if (kept.length > 0) fs.writeFileSync(file, head + kept.join('')); else fs.rmSync(file);
  }
}
