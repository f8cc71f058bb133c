#!/bin/sh
# Run once by the database image, when the data folder is new: the two roles, their rights, the extensions.
# The same as the embedded default makes for itself (backend/embedded/postgres.py; a test compares the two).
set -eu

psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
    --set=owner_password="$OWNER_DATABASE_PASSWORD" --set=app_password="$APP_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE xieshou_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE xieshou_app LOGIN PASSWORD :'app_password';
GRANT xieshou_app TO xieshou_owner;
ALTER DATABASE xieshou OWNER TO xieshou_owner;
ALTER SCHEMA public OWNER TO xieshou_owner;
GRANT USAGE ON SCHEMA public TO xieshou_app;
ALTER DEFAULT PRIVILEGES FOR ROLE xieshou_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO xieshou_app;
ALTER DEFAULT PRIVILEGES FOR ROLE xieshou_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO xieshou_app;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
SQL
