import mongoose from 'mongoose';
import type { Act, Worker } from '../contender.js';
import { STALE_ERROR, STUCK_ERROR } from '../hand/words.js';
import {
  FINISHED_STATES,
  minutesAgo,
  OLD_MINUTES,
  STALE_MINUTES,
  STUCK_MINUTES,
  UNRELEASED_STATUSES,
} from './people.js';

const JOB = {
  _id: Number,
  name: String,
  state: String,
  startTime: Date,
  endTime: Date,
  errorMsg: String,
  exitCode: String,
};
const ALLOCATION = {
  _id: Number,
  jobId: { type: Number, required: true },
  status: String,
  allocationTime: Date,
  releasedTime: Date,
};

/** Row by row with mongoose, as people write it: documents are found, changed and saved. */
export async function mongooseRows(url: string): Promise<Worker> {
  const connection = await mongoose.createConnection(url).asPromise();
  const options = { versionKey: false } as const;
  const Job = connection.model('Job', new mongoose.Schema(JOB, options), 'jobs');
  const Allocation = connection.model('Allocation', new mongoose.Schema(ALLOCATION, options), 'resource_allocations');
  const release = (allocation: InstanceType<typeof Allocation>) =>
    allocation.set({ status: 'RELEASED', releasedTime: new Date() }).save();

  const acts: Record<Act, () => Promise<number>> = {
    async purge() {
      const due = await Job.find({ state: FINISHED_STATES, endTime: { $lt: minutesAgo(OLD_MINUTES) } });
      for (const job of due) {
        await Allocation.deleteMany({ jobId: job._id });
        await job.deleteOne();
      }
      return due.length;
    },
    async release() {
      let changed = 0;
      for (const allocation of await Allocation.find({ status: UNRELEASED_STATUSES })) {
        if ((await Job.exists({ _id: allocation.jobId, state: FINISHED_STATES })) === null) continue;
        await release(allocation);
        changed += 1;
      }
      return changed;
    },
    async stale() {
      const due = await Allocation.find({ status: 'RESERVED', allocationTime: { $lt: minutesAgo(STALE_MINUTES) } });
      for (const allocation of due) {
        const job = await Job.findOne({ _id: allocation.jobId, state: 'RUNNING' });
        await job?.set({ state: 'FAILED', endTime: new Date(), errorMsg: STALE_ERROR, exitCode: '-3:0' }).save();
        await release(allocation);
      }
      return due.length;
    },
    async fail() {
      const due = await Job.find({ state: 'RUNNING', startTime: { $lt: minutesAgo(STUCK_MINUTES) } });
      for (const job of due) {
        await job.set({ state: 'FAILED', endTime: new Date(), errorMsg: STUCK_ERROR, exitCode: '-2:0' }).save();
        for (const allocation of await Allocation.find({ jobId: job._id })) await release(allocation);
      }
      return due.length;
    },
  };
  return { drain: (act) => acts[act](), close: () => connection.close() };
}
