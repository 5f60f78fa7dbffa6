/** What an adapter takes without being told, by where it stands in the options of its store. */
type Defaults = Readonly<Record<string, string>>;

const SQL: Defaults = {
  'schema.jobs.table': 'jobs',
  'schema.jobs.columns.id': 'id',
  'schema.jobs.columns.name': 'name',
  'schema.jobs.columns.state': 'state',
  'schema.jobs.columns.startTime': 'start_time',
  'schema.jobs.columns.endTime': 'end_time',
  'schema.jobs.columns.errorMsg': 'error_msg',
  'schema.jobs.columns.exitCode': 'exit_code',
  'schema.allocations.table': 'resource_allocations',
  'schema.allocations.columns.id': 'id',
  'schema.allocations.columns.jobId': 'job_id',
  'schema.allocations.columns.status': 'status',
  'schema.allocations.columns.allocationTime': 'allocation_time',
  'schema.allocations.columns.releasedTime': 'released_time',
};

/** MongoDB's fields are named as its people do it. */
const MONGO: Defaults = Object.fromEntries(
  Object.entries(SQL).map(([path, name]) => {
    if (path.endsWith('.table')) return [path, name];
    return [
      path,
      path.endsWith('.id') ? '_id' : name.replaceAll(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()),
    ];
  }),
);

/** How the kinds of databases differ for a proposal. */
export const FAMILIES = {
  postgres: { defaults: SQL, defaultCodec: 'instant' },
  mysql: { defaults: SQL, defaultCodec: 'utcDateTime' },
  mongodb: { defaults: MONGO, defaultCodec: 'instant' },
} as const;

export type Family = keyof typeof FAMILIES;
