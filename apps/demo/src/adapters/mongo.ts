import { mongoStore } from '@jobsweep/repo-mongo';
import mongoose from 'mongoose';
import { heldBy, POOL_SIZE, type WithStore } from './with-store.js';

export const withMongoStore: WithStore = async (_database, url, work) => {
  const connection = await mongoose.createConnection(url, { maxPoolSize: POOL_SIZE }).asPromise();
  try {
    return await work(mongoStore(connection, { schema: heldBy('_id') }));
  } finally {
    await connection.close();
  }
};
