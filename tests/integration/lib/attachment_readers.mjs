// Partners beside city A and the platform, and orders that show where their first attachment is.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

// A partner that comes in as city A does, with credentials of its own.
export function addPartner(house, id, { pulls }) {
  const own = fs.readFileSync(path.join(house.config, 'partners/city-a.yaml'), 'utf8').replace(/\noutbound:[\s\S]*/, '\n');
  const pull = pulls ? '\npull:\n  enabled: true\n  lease: 2s\n' : '';
  fs.writeFileSync(path.join(house.config, `partners/${id}.yaml`), own.replaceAll('city-a.hmac', `${id}.hmac`).replace('key_id: city-a', `key_id: ${id}`) + pull);
  fs.writeFileSync(path.join(house.secrets, `${id}.hmac`), crypto.createHash('sha256').update(id).digest('hex'));
}

// Orders go to partner `id` too, and say where their first attachment is. It takes the bytes as they were sent, as one that
// takes evidence; with `copies` what the shipped policy gives.
export function sendOrdersTo(house, id, { copies = false } = {}) {
  if (!copies) house.edit('policies/p12315.yaml', (text) => text.replace(/\nattachments:\n/, '$&  - {type: "*", treatment: original, evidence: 试验用证据接收方}\n'));
  house.edit('routes/workorder-to-platform.yaml', (text) => `${text.trimEnd()}\n${text.slice(text.indexOf('  - partner: p12315')).replace('partner: p12315', `partner: ${id}`).trimEnd()}\n`);
  house.edit('mappings/p12315/matter-out.map', (text) => `${text.trimEnd()}\nattachurl = $.attachments[0].url\n`);
  house.edit('partners/p12315.matter@1.json', (text) => {
    const schema = JSON.parse(text);
    schema.properties.attachurl = { title: '附件地址', type: 'string', 'x-privacy': { kind: 'free-text', subject: 'complainant' } };
    return JSON.stringify(schema);
  });
}

// City A's schema and mapping with photos that lie in the message. Their number shows in the record, as that of the files does.
export function withPhotos(opening) {
  opening.edit('declassify/completeness.yaml', (text) => text.replace('field: $.files\n', 'field: $.photos\n'));
  opening.edit('mappings/city-a/workorder-in.map', (text) => text.replace(/\nattachments = .*/, '\nattachments = each $.photos { name = $.name, type = $.type, content = $.content }'));
  opening.edit('partners/city-a.workorder@1.json', (text) => {
    const schema = JSON.parse(text);
    const label = { kind: 'free-text', subject: 'complainant' };
    const labelled = (name, privacy) => [name, { title: name, type: 'string', 'x-privacy': privacy }];
    const texts = Object.fromEntries([labelled('name', label), labelled('type', { kind: 'none' }), labelled('content', label)]);
    schema.properties.photos = { title: '照片', type: 'array', items: { title: '照片', type: 'object', properties: texts, additionalProperties: false } };
    return JSON.stringify(schema);
  });
}
