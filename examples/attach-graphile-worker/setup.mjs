// Makes the queue of this example in the database that PG_URL names.
import { fillQueue } from './queue.mjs';

await fillQueue(process.env.PG_URL ?? 'postgres://localhost/queue');
