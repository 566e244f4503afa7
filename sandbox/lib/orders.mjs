// Sample work orders of city A: structured data made up here, texts of real de-identified tickets where the test data is
// present (TONGQU_TEST_DATA, default ../shared/data beside the checkout), the project's own otherwise. The same (count, from)
// gives the same orders.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

function tickets() {
  const data = process.env.TONGQU_TEST_DATA ?? path.resolve(here, '../../../shared/data');
  const real = path.join(data, 'complaints/deidentified-tickets.dev.jsonl');
  const file = fs.existsSync(real) ? real : path.join(here, '../tickets/tickets.jsonl');
  return fs.readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line).text);
}

const names = ['段正淳', '王小峰', '欧阳文静', '李四', '买买提·艾力', '张小明', '陈建国', '赵敏'];
const shops = ['某某火锅店', '京东大药房', '好再来超市', '新天地手机城', '阳光健身会所', '幸福里家电'];
const usccs = ['91350100M000100Y43', '91340000711771143J', '91440115618712245T', '91110108MA00478Q15'];
const moneys = ['1600', '1,280.50', '99元', '2万元', '壹仟陆佰元', '15.8'];
const codes = ['1001', '1002', '1003', '1004'];

function order(n, texts) {
  const pad = String(n).padStart(8, '0');
  return {
    orderNum: `GD20261124${pad}`,
    round: 1,
    operation: 'create',
    type: n % 10 === 0 ? '举报' : n % 3 === 0 ? '咨询' : '投诉',
    title: '消费纠纷',
    callTime: `2026-11-2${n % 4} 0${n % 10}:1${n % 6}:2${n % 7}`,
    channel: String(1 + (n % 4)),
    callerName: names[n % names.length],
    callerSex: n % 2 ? '男' : '女',
    callerPhone: `138${String(10000000 + n).slice(-8)}`,
    callerIdNo: '11010519491231002X',
    callerAddress: `海淀区中关村大街${(n % 99) + 1}号`,
    inNumber: `010-8261${String(1000 + (n % 9000))}`,
    secret: n % 10 === 0 ? '1' : '0',
    urgency: String(1 + (n % 3)),
    handleDays: 5,
    questionCode: codes[n % codes.length],
    company: { name: shops[n % shops.length], code: usccs[n % usccs.length], address: `朝阳区建国路${(n % 300) + 1}号`, phone: '010-65000000' },
    address: '朝阳区建国路',
    goods: '二手手机',
    money: moneys[n % moneys.length],
    content: texts[n % texts.length],
    request: '请求退还货款并赔偿损失。',
    operator: '话务员刘芳',
    publishConsent: '0',
  };
}

// Every 20th order of a faulty series has a wrong check digit, an unknown code and no address: it is stored, flagged, held.
function spoil(o) {
  return { ...o, company: { ...o.company, code: '91350100M000100Y44', address: undefined }, questionCode: '9999', callerAddress: undefined };
}

export function workOrders(count, from = 1, faulty = true) {
  const texts = tickets();
  return Array.from({ length: count }, (_, i) => {
    const o = order(from + i, texts);
    return faulty && (from + i) % 20 === 0 ? spoil(o) : o;
  });
}
