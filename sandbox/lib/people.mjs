// The named persons of the shipped gateway.yaml (admin.people) and the files of their tokens, as make_demo_keys.sh makes them.
import path from 'node:path';

const files = { 王操作: 'people-operator.token', 周释放: 'people-releaser.token', 李审批: 'people-approver.token' };

// Token file of who acts; of nobody in particular that of the installation.
export const tokenFileOf = (secrets, actor) => path.join(secrets, files[actor] ?? 'admin.token');
