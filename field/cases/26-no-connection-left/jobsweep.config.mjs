export default {
  adapter: '@jobsweep/repo-knex',
  connection: { url: '${DATABASE_URL}', poolSize: 2 },
  http: false,
};
