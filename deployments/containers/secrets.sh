#!/bin/sh
# Makes what compose.yaml reads as secrets, a random value in a file each, in deployments/secrets or in the folder $1.
# What is there stays as it is. Only the owner may enter the folder; the files in it may be read by all, since each
# container reads the ones that are mounted into it as a user of its own.
set -eu
umask 077
folder=${1:-$(dirname "$0")/../secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }

keep() {
    [ -s "$folder/$1" ] && return
    printf '%s\n' "$2" > "$folder/$1.new"
    chmod 444 "$folder/$1.new"
    mv "$folder/$1.new" "$folder/$1"
    echo "secrets: made $folder/$1"
}

keep postgres_password "$(random 24)"
keep database_password "$(random 24)"
# One password in the two forms in which it is read.
password=$(random 24)
[ ! -s "$folder/redis.conf" ] || password=$(sed -n 's/^requirepass //p' "$folder/redis.conf")
keep redis.conf "requirepass $password"
keep redis_url "redis://:$password@redis:6379/0"
# The Fernet key that credentials in blocks are encrypted with, the key that seals what runs keep, what the UI asks for.
keep encryption_key "$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')"
keep seal_keys "$(random 32)"
keep api_auth "operator:$(random 24)"
