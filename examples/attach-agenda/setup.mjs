// Makes the jobs of this example in the database that MONGO_URL names.
import { MongoClient } from 'mongodb';
import { fillJobs } from './jobs.mjs';

const client = await MongoClient.connect(process.env.MONGO_URL ?? 'mongodb://localhost/queue?replicaSet=rs0');
await fillJobs(client.db());
await client.close();
