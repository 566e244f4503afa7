// The disclosure ledger held against the bytes that arrived: values that each occur once, the forms in which they can stand
// somewhere, labels out of the schemas of the services. Nothing of the gateway is used for it but what the ledger says.
import fs from 'node:fs';
import path from 'node:path';
import { root } from './gateway.mjs';

// ---- forms, after docs/privacy.md
const stars = (text, from, to) => [...text].map((c, i) => (i >= from && i < to ? '*' : c)).join('');
const masked = {
  name: (text) => stars(text, 1, [...text].length),
  phone: (text) => stars(text, 3, 7),
  id: (text) => stars(text, 1, 16),
  email: (text) => stars(text, 1, text.indexOf('@')),
};
const reference = /R-[0-9A-Z]{16}/;

// ---- values that occur once: `n` below 10^7, `k` tells several of one message apart
const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜'];
export const given = (n) => [...String(n)].map((digit) => '天地玄黄宇宙洪荒日月'[Number(digit)]).join('');
export const person = (n, k) => `${surnames[(n + 7 * k) % surnames.length]}${'甲乙丙丁戊己庚辛壬癸'[k]}${given(n)}`;
export const mobile = (n, k) => `13${k}${String(n).padStart(8, '0')}`;
export const idNumber = (n) => `5134362000${String(n).padStart(7, '0')}X`;
// A free text: a code that means nothing, and a number that a scrubber hides.
const code = (n, letter) => `Q${letter}${[4, 3, 2, 1, 0].map((i) => String.fromCharCode(65 + (Math.floor(n / 26 ** i) % 26))).join('')}`;
const anyCode = /Q[A-Z]{6}/;
export const text = (n, letter) => `经过${code(n, letter)}如此，回电${mobile(n, 6)}。`;
// Fields are [name in what is sent, canonical path, kind, value].
export const sentAs = (fields) => Object.fromEntries(fields.map(([name, , , value]) => [name, value]));

// In which form a value stands in what arrived.
function formOf(bytes, kind, value, path_, refs) {
  if (bytes.includes(value)) return 'clear';
  if (kind === 'free-text') {
    const at = bytes.indexOf(anyCode.exec(value)[0]);
    if (at < 0) return 'absent';
    return bytes.slice(at, at + 40).includes(/\d{11}/.exec(value)[0]) ? 'changed' : 'scrub';
  }
  if (masked[kind] && bytes.includes(masked[kind](value))) return 'mask';
  return refs.includes(path_) && reference.test(bytes) ? 'ref' : 'absent';
}

// Every difference between what the ledger says of one message and what arrived of the values that were sent.
// `noPlace`: paths that the recipient may see and whose document has no member for them; the ledger names them all the same.
export function differences(message, fields, bytes, row, { noPlace = [], refs = [] } = {}) {
  const said = new Map(row.fields.map((field) => [field.path, field.form]));
  const found = fields.flatMap(([, path_, kind, value]) => {
    const arrived = formOf(bytes, kind, value, path_, refs);
    const ledger = said.get(path_) ?? 'absent';
    const permitted = noPlace.includes(path_) && arrived === 'absent' && ledger !== 'absent';
    return arrived === ledger || permitted ? [] : [`${message} ${path_}: the ledger says ${ledger}, ${arrived} arrived`];
  });
  const sent = new Set(fields.map(([, path_]) => path_));
  const others = row.fields.filter((field) => field.kind !== 'none' && !sent.has(field.path)).map((field) => [field.path, field.form]);
  return [...found, ...others.map(([path_, form]) => `${message} ${path_}: the ledger says ${form} of what nobody sent`)];
}

// How many ledgers that say anything else were not told from the true one. Each field of `rows` in each other form.
export function missedLies(rows, sent, arrived, known) {
  let lies = 0;
  const missed = [];
  for (const [message, row] of rows) {
    const one = known(row);
    for (const field of row.fields.filter(({ path: name }) => sent.get(message).some(([, path_]) => path_ === name) && !(one.noPlace ?? []).includes(name))) {
      for (const form of ['clear', 'mask', 'ref', 'absent'].filter((other) => other !== field.form)) {
        const lying = { ...row, fields: row.fields.map((other) => (other === field ? { ...other, form } : other)).filter((other) => other.form !== 'absent') };
        lies += 1;
        if (differences(message, sent.get(message), arrived.get(message), lying, one).length === 0) missed.push(`${message} ${field.path} ${form}`);
      }
    }
  }
  return { lies, missed };
}

// ---- labels, read from the schemas of the services
const schemas = path.join(root, 'config/services');
const load = (name) => JSON.parse(fs.readFileSync(path.join(schemas, name), 'utf8'));
const shared = load('common.json').$defs;

// {path: "kind/subject"} of a canonical schema ("workorder.transfer@1").
export function labelsOf(name) {
  const own = load(`${name}.json`);
  const out = new Map();
  const walk = (schema, where, above) => {
    const target = schema.$ref && (own.$defs ?? {})[schema.$ref.split('/').pop()];
    const node = schema.$ref ? { ...(target ?? shared[schema.$ref.split('/').pop()]), ...schema } : schema;
    const label = node['x-privacy'] ?? above;
    if (node.properties) for (const [member, inner] of Object.entries(node.properties)) walk(inner, where ? `${where}.${member}` : member, label);
    else if (node.items) walk(node.items, `${where}[]`, label);
    else if (label) out.set(where, `${label.kind}/${label.subject ?? ''}`);
  };
  walk(own, '', undefined);
  return out;
}
