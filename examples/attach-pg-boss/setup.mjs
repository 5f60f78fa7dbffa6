// Makes the queues of this example in the database that PG_URL names.
import { fillQueues, startBoss } from './queues.mjs';

const url = process.env.PG_URL ?? 'postgres://localhost/queues';
const boss = await startBoss(url);
await fillQueues(boss, url);
await boss.stop({ graceful: false });
