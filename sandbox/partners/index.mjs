// The stand-ins of partners that come and are called otherwise than the first pair: one module a partner. A module gives
//   partner, title             id of the configuration, Chinese name
//   needs                      partners whose stand-ins have to be open before, because their traffic is what this one answers (optional)
//   open(ctx)                  starts what stands in for the partner, before the gateway starts; gives
//     send(count)              hands real traffic to the gateway (and asks the platform for what it sends to this partner)
//     figures()                {sent, turnedBack, received, problems}: messages handed to the gateway; of those, what it has to turn back;
//                              messages of the gateway that took effect at the partner; what went wrong, in words.
//                              A registry: send() lets a partner ask, {asked, answered}: questions that were to be answered, and those
//                              that were; received: answers that it gave
//     misbehave({mode, count, ms})   a fault for the next exchanges; throws for one that the protocol does not have
//     close()
// ctx: secrets, var (folder of the partner's own files), log(text), edit(file, change) (a file of the running copy of the
// configuration), gateway() (address of the partner listener), platform(what, body) (control call to the platform's stand-in), release(exchange) (a named person releases what waits of it), partner(name) (stand-in that was opened before).
import fs from 'node:fs';
import path from 'node:path';

const modules = [
  () => import('./city-b.mjs'),
  () => import('./hotline-12365.mjs'),
  () => import('./hotline-12331.mjs'),
  () => import('./hotline-12330.mjs'),
  () => import('./hotline-12315.mjs'),
  () => import('./hotline-12358.mjs'),
  () => import('./credit-file.mjs'),
  () => import('./emergency-cap.mjs'),
  () => import('./case.mjs'),
  () => import('./p12315-b.mjs'),
  () => import('./p12315-c.mjs'),
  () => import('./entity-rest.mjs'),
  () => import('./entity-soap.mjs'),
  () => import('./ip.mjs'),
  () => import('./trademark-rest.mjs'),
  () => import('./ip-bulk.mjs'),
  () => import('./credit.mjs'),
  () => import('./credit-query.mjs'),
  () => import('./emergency-rest.mjs'),
  () => import('./daily.mjs'),
  () => import('./daily-db.mjs'),
  () => import('./directory.mjs'),
  () => import('./business-zone.mjs'),
];

export const partnerNames = () => Promise.all(modules.map(async (load) => (await load()).partner));

// `name` and those whose traffic it needs, in the order in which they are opened.
export async function withNeeds(name) {
  const all = await Promise.all(modules.map((load) => load()));
  return [...(all.find((module) => module.partner === name).needs ?? []), name];
}

// Opens the stand-ins of `names` (all when undefined).
export async function openPartners(names, { secrets, config, folder, log, gateway, platform, release }) {
  const opened = [];
  if (names?.length === 0) return opened;
  for (const load of modules) {
    const module = await load();
    if (names && !names.includes(module.partner)) continue;
    const own = path.join(folder, module.partner);
    fs.mkdirSync(own, { recursive: true });
    const edit = (file, change) => {
      const name = path.join(config, file);
      fs.writeFileSync(name, change(fs.readFileSync(name, 'utf8')));
    };
    const standin = await module.open({ secrets, var: own, log: (text) => log(`${module.partner}: ${text}`), edit, gateway, platform, release, partner: (name) => opened.find((one) => one.partner === name)?.standin });
    opened.push({ partner: module.partner, title: module.title, standin });
  }
  return opened;
}
