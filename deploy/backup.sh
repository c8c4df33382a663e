#!/bin/sh
# Writes a backup of the bot's database into a folder while the bot runs on. Backups of more than 30 days are removed
# once a new one is there.
#
#   backup.sh FOLDER
#
# DATABASE_URL or DATABASE_URL_FILE says which database, as for the bot. PostgreSQL needs a pg_dump that is not older
# than the server. A password in the URL could be read in the list of processes: leave it out, and let PGPASSFILE or
# the socket's peer authentication see to it.
set -eu
umask 077

folder=${1:?usage: backup.sh FOLDER}
url=${DATABASE_URL:-$(cat "${DATABASE_URL_FILE:?neither DATABASE_URL nor DATABASE_URL_FILE is set}")}
copy="$folder/emenscr-$(date -u +%Y%m%dT%H%M%SZ)"
mkdir -p "$folder"
trap 'rm -f "$copy.part" "$copy.part-journal"' EXIT
trap 'exit 1' HUP INT TERM

case $url in
sqlite*:///*)
    database=${url#*:///}
    [ -s "$database" ] || { echo "There is no database $database" >&2; exit 1; }
    # One state of the database in one file, whoever writes meanwhile; a copy made with cp could be torn.
    "${PYTHON:-python3}" -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("VACUUM INTO ?", sys.argv[2:])' \
        "$database" "$copy.part"
    written="$copy.db"
    ;;
postgres*://*)
    pg_dump --format=custom --file="$copy.part" --dbname="postgresql://${url#*://}"
    written="$copy.dump"
    ;;
*)
    echo 'DATABASE_URL is neither SQLite nor PostgreSQL' >&2
    exit 1
    ;;
esac

mv "$copy.part" "$written"
find "$folder/" -maxdepth 1 -type f -name 'emenscr-????????T??????Z.*' -mtime +30 -delete
echo "$written"
