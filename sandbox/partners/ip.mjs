// Stand-in for the trademark and patent registry: POST /patents/query with an XML question, the published document as answer – in
// CNIPA's older family or in the newer one, as the document was published – and 404 where there is none.
import { openRegistry } from '../lib/registry.mjs';

export const partner = 'ip';
export const title = '商标专利库';

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

// A document of the older family.
export const older = (p) => `<?xml version="1.0" encoding="UTF-8"?>
<cn-patent-document lang="ZH" country="CN"><cn-bibliographic-data>
<cn-publication-reference><document-id><country>CN</country><doc-number>${p.pub}</doc-number><kind>A</kind><date>${p.published}</date></document-id></cn-publication-reference>
<application-reference appl-type="发明专利"><document-id><country>CN</country><doc-number>${p.no}</doc-number><date>${p.filed}</date></document-id></application-reference>
<invention-title>${escape(p.title)}</invention-title>
<cn-parties><cn-applicants><cn-applicant sequence="1"><addressbook lang="ZH"><name>${escape(p.applicant)}</name><address><text>0</text></address></addressbook></cn-applicant></cn-applicants></cn-parties>
</cn-bibliographic-data></cn-patent-document>`;

// The same of the newer one: numbers twice, fillers where there is nothing.
export const newer = (p) => `<?xml version="1.0" encoding="utf-8" standalone="no"?>
<business:PatentDocumentAndRelated xmlns:base="http://www.sipo.gov.cn/XMLSchema/base" xmlns:business="http://www.sipo.gov.cn/XMLSchema/business" lang="zh" country="CN" docNumber="${p.pub}"><business:BibliographicData>
${['original', 'standard'].map((form) => `<business:PublicationReference dataFormat="${form}" sequence="1"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>${p.pub}</base:DocNumber><base:Kind>A</base:Kind><base:Date>${p.published}</base:Date></base:DocumentID></business:PublicationReference>`).join('\n')}
${[['original', p.no], ['standard', `10${p.no.slice(0, 4)}00${p.no.slice(5, 12)}`]].map(([form, no]) => `<business:ApplicationReference applType="10" dataFormat="${form}" sequence="1"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code><base:DocNumber>${no}</base:DocNumber><base:Date>${p.filed}</base:Date></base:DocumentID></business:ApplicationReference>`).join('\n')}
<business:InventionTitle lang="zh">${escape(p.title)}</business:InventionTitle>
<business:Parties><business:ApplicantDetails><business:Applicant sequence="1"><base:AddressBook lang="zh"><base:Name>${escape(p.applicant)}</base:Name><base:Address><base:City>0</base:City><base:Text>0</base:Text></base:Address></base:AddressBook><business:OrganizationCode createDate="00000000">0000000000</business:OrganizationCode></business:Applicant></business:ApplicantDetails></business:Parties>
</business:BibliographicData></business:PatentDocumentAndRelated>`;

export const published = [
  { no: '201410408762.5', pub: '104000001', filed: '20140819', published: '20141224', title: '一种火锅底料 & 制法', applicant: '某某食品有限公司', write: older },
  { no: '202111286633.X', pub: '113000002', filed: '00000000', published: '20211210', title: '显示装置', applicant: '某某显示有限公司', write: newer },
];

// The platform's questions and what it must be told: each of the documents once, then numbers that nobody has.
const told = [
  { result: '1', applno: '201410408762.5', kind: '发明专利', appldate: '2014-08-19', pubno: '104000001', pubdate: '2014-12-24', title: '一种火锅底料 & 制法', applicants: [{ name: '某某食品有限公司' }] },
  { result: '1', applno: '202111286633.X', kind: '发明专利', pubno: '113000002', pubdate: '2021-12-10', title: '显示装置', applicants: [{ name: '某某显示有限公司' }] },
];
export const sample = (number) => ({
  service: 'patent.query', question: { applno: published[number]?.no ?? `20001${String(number).padStart(7, '0')}.0` }, answer: told[number] ?? { result: '0' },
});

// `documents`: application number → bytes, instead of what is published above.
export const open = (ctx, documents = new Map(published.map((p) => [p.no, p.write(p)]))) => openRegistry(ctx, {
  partner, port: 18450, sample,
  say(request, bytes) {
    const no = /<applicationNumber>([^<]+)<\/applicationNumber>/.exec(bytes.toString())?.[1];
    const document = documents.get(no);
    return { status: document ? 200 : 404, type: 'application/xml', body: document ?? '<error>没有该专利</error>' };
  },
  refuse: (message) => ({ status: 403, body: { message } }),
});
