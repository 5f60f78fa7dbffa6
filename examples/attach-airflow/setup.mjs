// Makes the tables of this example in the database that PG_URL names.
import { fillTables } from './tables.mjs';

await fillTables(process.env.PG_URL ?? 'postgres://localhost/airflow');
