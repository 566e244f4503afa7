// Stand-in for the trademark registry: POST /trademarks/query with an XML question (a registration number, and a class if only that one
// is meant), a document in the style of WIPO ST.96 as answer – in either of two roots – and 404 where there is none.
import { openRegistry } from '../lib/registry.mjs';

export const partner = 'trademark-rest';
export const title = '商标库';

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const all = (list, write) => list.map(write).join('\n');
const namespaces = 'xmlns:tmk="http://www.wipo.int/standards/XMLSchema/ST96/Trademark" xmlns:com="http://www.wipo.int/standards/XMLSchema/ST96/Common"';
const contact = (inner) => `<com:Contact><com:Name>${inner}</com:Name></com:Contact>`;

const bag = (m, filed) => `<tmk:TrademarkBag><tmk:Trademark>
<com:RegistrationOfficeCode>CN</com:RegistrationOfficeCode>
<com:ApplicationNumber><com:IPOfficeCode>CN</com:IPOfficeCode><com:ApplicationNumberText>${m.no}</com:ApplicationNumberText></com:ApplicationNumber>
<com:RegistrationNumber>${m.no}</com:RegistrationNumber>
<${filed}>${m.filed}</${filed}>
<com:RegistrationDate>${m.registered}</com:RegistrationDate>
<com:ExpiryDate>${m.until}</com:ExpiryDate>
<tmk:MarkCurrentStatusCode>${m.status}</tmk:MarkCurrentStatusCode>
<tmk:MarkRepresentation><tmk:MarkReproduction><tmk:WordMarkSpecification><tmk:MarkVerbalElementText>${escape(m.name)}</tmk:MarkVerbalElementText><tmk:MarkSignificantVerbalElementText>${escape(m.name)}</tmk:MarkSignificantVerbalElementText></tmk:WordMarkSpecification></tmk:MarkReproduction></tmk:MarkRepresentation>
<tmk:GoodsServicesBag><tmk:GoodsServices><tmk:GoodsServicesClassificationBag>
${all(m.classes, (c) => `<tmk:GoodsServicesClassification><tmk:ClassificationKindCode>Nice</tmk:ClassificationKindCode><tmk:ClassNumber>${c.no}</tmk:ClassNumber></tmk:GoodsServicesClassification>
${all(c.groups, (group) => `<tmk:GoodsServicesClassification><tmk:ClassificationKindCode>Domestic</tmk:ClassificationKindCode><tmk:NationalClassNumber>${group}</tmk:NationalClassNumber></tmk:GoodsServicesClassification>`)}`)}
</tmk:GoodsServicesClassificationBag><tmk:ClassDescriptionBag>
${all(m.classes, (c) => `<tmk:ClassDescription><tmk:ClassNumber>${c.no}</tmk:ClassNumber><tmk:GoodsServicesDescriptionText com:sequenceNumber="1">${escape(c.goods)}</tmk:GoodsServicesDescriptionText></tmk:ClassDescription>`)}
</tmk:ClassDescriptionBag></tmk:GoodsServices></tmk:GoodsServicesBag>
<tmk:PublicationBag>
${all(m.publications, (p) => `<tmk:Publication><com:PublicationIdentifier>${p.issue}</com:PublicationIdentifier><tmk:PublicationSectionCategory>${p.section}</tmk:PublicationSectionCategory><com:PublicationDate>${p.date}</com:PublicationDate></tmk:Publication>`)}
</tmk:PublicationBag>
<tmk:ApplicantBag><tmk:Applicant com:sequenceNumber="1">${contact(`<com:EntityName>${escape(m.applicant)}</com:EntityName>`)}</tmk:Applicant></tmk:ApplicantBag>
<com:RepresentativeBag><com:Representative>${contact(`<com:PersonName><com:PersonFullName>${m.agent}</com:PersonFullName></com:PersonName><com:OrganizationName><com:OrganizationStandardName>${m.agency}</com:OrganizationStandardName></com:OrganizationName>`)}</com:Representative></com:RepresentativeBag>
</tmk:Trademark></tmk:TrademarkBag>`;

// The root of today's version.
export const application = (m) => `<?xml version="1.0" encoding="UTF-8"?>
<tmk:TrademarkApplication ${namespaces} com:st96Version="V6_0">
${bag(m, 'com:ApplicationDate')}
</tmk:TrademarkApplication>`;

// The root that an office answers with today, of an earlier version: the filing date has another name, and an offset.
export const transaction = (m) => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<tmk:TrademarkTransaction ${namespaces}><tmk:TrademarkTransactionBody><tmk:TransactionContentBag><tmk:TransactionData>
${bag({ ...m, filed: `${m.filed}+08:00` }, 'tmk:ApplicationDate')}
</tmk:TransactionData></tmk:TransactionContentBag></tmk:TrademarkTransactionBody></tmk:TrademarkTransaction>`;

export const marks = [
  { no: '12345678', name: '某某 & 锅', filed: '2013-03-28', registered: '2014-09-07', until: '2034-09-06', status: 'REGISTERED', applicant: '某某食品有限公司', agent: '李某', agency: '某某商标事务所',
    publications: [{ issue: '1410', section: 'Applications publishing for opposition', date: '2014-06-06' }, { issue: '1422', section: 'Registrations publishing', date: '2014-09-07' }],
    classes: [{ no: '030', goods: '调味品;火锅底料', groups: ['3015', '3016'] }, { no: '043', goods: '餐馆;火锅店', groups: ['4301'] }], write: application },
  { no: 'G1087917', name: '显示', filed: '2011-05-16', registered: '0000-00-00', until: '2021-05-15', status: 'Expired', applicant: '某某显示有限公司', agent: '王某', agency: '某某知识产权代理公司',
    publications: [], classes: [{ no: '009', goods: '显示器', groups: ['0901'] }], write: transaction },
];

// What one question gets: the mark, with the class asked for only; nothing when the number is not registered in that class.
export function find(no, classNo) {
  const mark = marks.find((m) => m.no === no);
  const classes = mark?.classes.filter((c) => classNo === undefined || Number(c.no) === Number(classNo)) ?? [];
  return classes.length === 0 ? undefined : mark.write({ ...mark, classes });
}

// The platform's questions and what it must be told: each of the documents, then numbers that nobody has.
const told = [
  [{ regno: '12345678', intcls: '30' }, { result: '1', regno: '12345678', applno: '12345678', tmname: '某某 & 锅', appldate: '2013-03-28', regdate: '2014-09-07', expdate: '2034-09-06', status: 'REGISTERED', statustext: 'REGISTERED',
    applicants: [{ name: '某某食品有限公司' }], agencies: [{ name: '某某商标事务所' }],
    publications: [{ issue: '1410', kind: 'Applications publishing for opposition', date: '2014-06-06' }, { issue: '1422', kind: 'Registrations publishing', date: '2014-09-07' }],
    classes: [{ intcls: '30', goods: '调味品;火锅底料' }], groups: [{ code: '3015' }, { code: '3016' }] }],
  [{ regno: 'Ｇ1087917' }, { result: '1', regno: 'G1087917', applno: 'G1087917', tmname: '显示', appldate: '2011-05-16', expdate: '2021-05-15', status: 'EXPIRED', statustext: 'Expired',
    applicants: [{ name: '某某显示有限公司' }], agencies: [{ name: '某某知识产权代理公司' }], classes: [{ intcls: '9', goods: '显示器' }], groups: [{ code: '0901' }] }],
  [{ regno: '12345678', intcls: '9' }, { result: '0' }],
];
export const sample = (number) => {
  const [question, said] = told[number] ?? [{ regno: `9${String(number).padStart(7, '0')}` }, { result: '0' }];
  return { service: 'trademark.query', question, answer: said };
};

// `documents`: registration number → bytes, beside what is registered above.
export const open = (ctx, documents = new Map()) => openRegistry(ctx, {
  partner, port: 18451, sample,
  say(request, bytes) {
    const member = (name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(bytes.toString())?.[1];
    const document = documents.get(member('registrationNumber')) ?? find(member('registrationNumber'), member('classNumber'));
    return { status: document ? 200 : 404, type: 'application/xml', body: document ?? '<error>没有该商标</error>' };
  },
  refuse: (message) => ({ status: 403, body: { message } }),
});
