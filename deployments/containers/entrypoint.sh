#!/bin/sh
# Gives Prefect what secret files hold: of PREFECT_NAME_FILE=/run/secrets/FILE it makes PREFECT_NAME, then runs "$@".
# Prefect reads variables alone. So no secret stands in a container's configuration, which `docker inspect` shows.
set -eu
for name in $(env | sed -n 's,^\(PREFECT_[A-Z0-9_]*\)_FILE=/run/secrets/.*,\1,p'); do
    # Prefect's own variable of a file, whatever lies in it.
    [ "$name" = PREFECT_API_SSL_CERT ] && continue
    file=$(printenv "${name}_FILE")
    value=$(cat "$file" 2>/dev/null) && [ -n "$value" ] || {
        echo "entrypoint: $file (for $name) is empty or cannot be read by user $(id -u): see deployments/containers/secrets.sh" >&2
        exit 78
    }
    export "$name=$value"
    unset "${name}_FILE"
done
exec "$@"
