// Makes the tables and rows of this example in the database that SLURM_ACCT_URL names.
import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';

const url = process.env.SLURM_ACCT_URL ?? 'mysql://localhost/slurm_acct_db';
const connection = await createConnection({ uri: url, multipleStatements: true });
for (const file of ['schema.sql', 'rows.sql']) {
  await connection.query(readFileSync(new URL(file, import.meta.url), 'utf8'));
}
await connection.end();
