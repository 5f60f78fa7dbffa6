// Makes the tables and rows of this example in the database that PG_URL names.
import { readFileSync } from 'node:fs';
import pg from 'pg';

const client = new pg.Client(process.env.PG_URL ?? 'postgres://localhost/films');
await client.connect();
for (const file of ['schema.sql', 'rows.sql']) await client.query(readFileSync(new URL(file, import.meta.url), 'utf8'));
await client.end();
