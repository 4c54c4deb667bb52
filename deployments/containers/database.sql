-- Run once by the image of Postgres, on an empty volume: a role for Prefect that is no superuser, with its own database.
\set password `cat /run/secrets/database_password`
CREATE ROLE prefect LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
CREATE DATABASE prefect OWNER prefect;
REVOKE CONNECT ON DATABASE prefect FROM PUBLIC;
REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;
