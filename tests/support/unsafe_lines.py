"""What the doctor says of each way to set a desk up wrongly, word for word: people search for these lines."""

from __future__ import annotations

from collections.abc import Mapping

LINES: Mapping[str, str] = {
    "no signing key": (
        "FAULT    keys       set MADOGUCHI_SECRET_KEY to 32 random characters or more, for example "
        "from: openssl rand -hex 32"
    ),
    "a short signing key": (
        "FAULT    keys       set MADOGUCHI_SECRET_KEY to 32 random characters or more, for example "
        "from: openssl rand -hex 32"
    ),
    "a signing key typed by hand": (
        "FAULT    keys       set MADOGUCHI_SECRET_KEY to 32 random characters or more, for example "
        "from: openssl rand -hex 32"
    ),
    "a placeholder for a signing key": (
        "FAULT    keys       set MADOGUCHI_SECRET_KEY to 32 random characters or more, for example "
        "from: openssl rand -hex 32"
    ),
    "a short previous signing key": (
        "FAULT    keys       set MADOGUCHI_SECRET_KEY_PREVIOUS to 32 random characters or more, "
        "for example from: openssl rand -hex 32"
    ),
    "a signing key that was not renewed": (
        "FAULT    keys       MADOGUCHI_SECRET_KEY_PREVIOUS is the same as SECRET_KEY; take it "
        "away, or put the old key there"
    ),
    "a signing key that is the channel secret": (
        "FAULT    keys       MADOGUCHI_LINE_CHANNEL_SECRET is a signing key too; make one of its "
        "own with: openssl rand -hex 32"
    ),
    "no key file": (
        "FAULT    vault      {folder}/keys/vault.json is missing; make it once with: madoguchi vault-keys"
    ),
    "a key file that others can read": (
        "FAULT    vault      others can read {folder}/keys/vault.json; run: chmod 600 "
        "{folder}/keys/vault.json"
    ),
    "a damaged key file": (
        "FAULT    vault      {folder}/keys/vault.json is not a key file, or it is damaged: restore "
        "it from its copy"
    ),
    "an empty key file": (
        "FAULT    vault      {folder}/keys/vault.json is not a key file, or it is damaged: restore "
        "it from its copy"
    ),
    "a key that is too short": (
        "FAULT    vault      {folder}/keys/vault.json is not a key file, or it is damaged: restore "
        "it from its copy"
    ),
    "no key for a procedure": ("FAULT    vault      no key for fence_loan; run: madoguchi vault-keys"),
    "no key for raw events": "FAULT    vault      no key for inbox; run: madoguchi vault-keys",
    "one key for two": (
        "FAULT    vault      fence_loan and inbox have the same key, so that destroying one's "
        "would not destroy its answers; restore {folder}/keys/vault.json from its copy"
    ),
    "a folder for a key file": (
        "FAULT    vault      {folder}/keys/vault.json is no file; set MADOGUCHI_VAULT_KEYS_FILE to "
        "the key file"
    ),
    "keys in a folder that everybody writes": (
        "FAULT    vault      others could replace the keys in {folder}/keys; run: chmod o-w {folder}/keys"
    ),
    "keys in a working copy": (
        "FAULT    vault      {folder}/keys/vault.json lies in the working copy {folder} and could "
        "be committed; move it and set MADOGUCHI_VAULT_KEYS_FILE"
    ),
    "a lost key": (
        "FAULT    vault      {folder}/keys/vault.json lacks the key lost of fence_loan, which "
        "sealed records; restore the file from its copy"
    ),
    "http for residents": (
        "FAULT    settings   MADOGUCHI_PUBLIC_URL: residents' data needs https; http is accepted "
        "on loopback only"
    ),
    "an address without a scheme": (
        "FAULT    settings   MADOGUCHI_PUBLIC_URL: write scheme and host only, for example "
        "https://madoguchi.example.jp"
    ),
    "an address with a path": (
        "FAULT    settings   MADOGUCHI_PUBLIC_URL: write scheme and host only, for example "
        "https://madoguchi.example.jp"
    ),
    "an address that two programs read differently": (
        "FAULT    settings   MADOGUCHI_PUBLIC_URL: write scheme and host only, for example "
        "https://madoguchi.example.jp"
    ),
    "a loopback address with the real LINE": (
        "FAULT    address    residents cannot reach a loopback address; set MADOGUCHI_PUBLIC_URL "
        "to the https address of the desk"
    ),
    "http for LINE": (
        "FAULT    settings   MADOGUCHI_LINE_API_BASE: only https or a loopback address is "
        "accepted, without a user name"
    ),
    "a trap for the token": (
        "FAULT    settings   MADOGUCHI_LINE_API_BASE: only https or a loopback address is "
        "accepted, without a user name"
    ),
    "ftp for photos": (
        "FAULT    settings   MADOGUCHI_LINE_DATA_API_BASE: only https or a loopback address is "
        "accepted, without a user name"
    ),
    "one half of LINE here, the other there": (
        "FAULT    line       MADOGUCHI_LINE_API_BASE and MADOGUCHI_LINE_DATA_API_BASE lead to "
        "different places; take both away"
    ),
    "no channel secret": (
        "FAULT    line       set MADOGUCHI_LINE_CHANNEL_SECRET too; it stands in the LINE Developers Console"
    ),
    "no access token": (
        "FAULT    line       set MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN too; it stands in the LINE "
        "Developers Console"
    ),
    "a blank in the access token": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN holds a blank or a sign that no "
        "token has; copy it again"
    ),
    "an access token in quotation marks": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN holds a blank or a sign that no "
        "token has; copy it again"
    ),
    "the channel secret for a token": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_ACCESS_TOKEN is the channel secret; issue a "
        "token on the tab Messaging API"
    ),
    "a comma for a channel secret": (
        "FAULT    line       set MADOGUCHI_LINE_CHANNEL_SECRET too; it stands in the LINE Developers Console"
    ),
    "two channel secrets without a comma": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_SECRET: a secret has 32 characters, 0-9 and "
        "a-f; copy it again from Basic settings, two with a comma between them"
    ),
    "a channel secret cut short": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_SECRET: a secret has 32 characters, 0-9 and "
        "a-f; copy it again from Basic settings, two with a comma between them"
    ),
    "one channel secret twice": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_SECRET holds one secret twice; write it once"
    ),
    "channel secrets of all times": (
        "FAULT    line       MADOGUCHI_LINE_CHANNEL_SECRET holds 3 secrets; keep the current and "
        "the previous one"
    ),
    "a name for the channel's id": (
        "FAULT    settings   MADOGUCHI_LINE_BOT_USER_ID: write the channel's own id, U and 32 "
        "characters, which madoguchi doctor tells"
    ),
    "LIFF without its channel": (
        "FAULT    liff       set MADOGUCHI_LIFF_ID and MADOGUCHI_LINE_LOGIN_CHANNEL_ID together, or neither"
    ),
    "a LIFF channel without LIFF": (
        "FAULT    liff       set MADOGUCHI_LIFF_ID and MADOGUCHI_LINE_LOGIN_CHANNEL_ID together, or neither"
    ),
    "an address for a LIFF id": (
        "FAULT    settings   MADOGUCHI_LIFF_ID: write the LIFF app's id, for example 1234567890-abcdefgh"
    ),
    "a name for the LIFF channel": (
        "FAULT    settings   MADOGUCHI_LINE_LOGIN_CHANNEL_ID: write the channel's number"
    ),
    "LIFF on loopback": (
        "FAULT    liff       LIFF opens https pages only; set MADOGUCHI_PUBLIC_URL to the https address"
    ),
    "a bot without a secret": (
        "FAULT    teams      set MADOGUCHI_TEAMS_APP_PASSWORD too; docs/teams.md says where it stands"
    ),
    "a bot without an id": (
        "FAULT    teams      set MADOGUCHI_TEAMS_APP_ID too; docs/teams.md says where it stands"
    ),
    "a bot without a tenant": (
        "FAULT    teams      set MADOGUCHI_TEAMS_TENANT_IDS too; docs/teams.md says where it stands"
    ),
    "the secret's id for the secret": (
        "FAULT    teams      MADOGUCHI_TEAMS_APP_PASSWORD is an id; copy the secret's Value, which "
        "Entra shows once"
    ),
    "a blank in the secret": (
        "FAULT    teams      MADOGUCHI_TEAMS_APP_PASSWORD holds a blank or a sign that no secret has; "
        "copy it again"
    ),
    "one third of Teams here, the others there": (
        "FAULT    teams      MADOGUCHI_TEAMS_OPENID_METADATA_URL, MADOGUCHI_TEAMS_TOKEN_URL and "
        "MADOGUCHI_TEAMS_SERVICE_HOSTS lead to different places; take all three away"
    ),
    "an app id that is none": (
        "FAULT    settings   MADOGUCHI_TEAMS_APP_ID: write the Microsoft App ID, for example "
        "00000000-0000-0000-0000-000000000000"
    ),
    "a tenant by its name": (
        "FAULT    settings   MADOGUCHI_TEAMS_TENANT_IDS: write the tenants' ids with commas between them"
    ),
    "http for Microsoft's keys": (
        "FAULT    settings   MADOGUCHI_TEAMS_OPENID_METADATA_URL: only https or a loopback address is "
        "accepted, without a user name"
    ),
    "hosts of everybody": (
        "FAULT    settings   MADOGUCHI_TEAMS_SERVICE_HOSTS: write hosts with commas between them, none "
        "under which everybody may have a name"
    ),
    "LIFF without LINE": (
        "FAULT    liff       LIFF needs the LINE channel: set it up, or take MADOGUCHI_LIFF_ID away"
    ),
    "no office file": (
        "FAULT    office     office.toml: it cannot be read (No such file or directory); set "
        "MADOGUCHI_OFFICE_FILE to an office file"
    ),
    "an office file that is no TOML": (
        "FAULT    office     office.toml: it is not TOML: Invalid value (at end of document); "
        "texts stand in quotation marks, lists in square brackets"
    ),
    "an office file in Shift_JIS": (
        "FAULT    office     office.toml: it is not UTF-8; save it again with the encoding UTF-8"
    ),
    "an office file with a key that nobody reads": (
        "FAULT    office     office.toml: it is not TOML: Cannot overwrite a value (at line 6, "
        "column 16); texts stand in quotation marks, lists in square brackets"
    ),
    "a season that ends before it begins": (
        "FAULT    settings   MADOGUCHI_FENCE_SEASON: write two days in order, for example "
        "2027-06-01/2027-11-01"
    ),
    "a season in words": (
        "FAULT    settings   MADOGUCHI_FENCE_SEASON: write two days in order, for example "
        "2027-06-01/2027-11-01"
    ),
    "an opening day in words": (
        "FAULT    settings   MADOGUCHI_FENCE_OPENS: write one day, for example 2027-04-15"
    ),
    "an opening day behind the season": (
        "FAULT    season     MADOGUCHI_FENCE_OPENS (2027-11-02) lies behind the season's end "
        "(2027-11-01); set an earlier day"
    ),
    "an opening day behind the computed season": (
        "FAULT    season     MADOGUCHI_FENCE_OPENS (2027-12-01) lies behind the season's end "
        "(2027-11-01); set an earlier day"
    ),
    "an opening day of another year": (
        "FAULT    season     MADOGUCHI_FENCE_OPENS (2026-04-15) is of an earlier year than the "
        "season (2027-06-01); renew it"
    ),
    "a database of another kind": (
        "FAULT    settings   MADOGUCHI_DATABASE_URL: write sqlite:/// and a file, or "
        "postgresql+psycopg://user@host/name"
    ),
    "a database in memory": (
        "FAULT    settings   MADOGUCHI_DATABASE_URL: write sqlite:/// and a file, or "
        "postgresql+psycopg://user@host/name"
    ),
    "a database server that is away": (
        "FAULT    database   cannot be reached (OperationalError); check MADOGUCHI_DATABASE_URL "
        "and that the server runs"
    ),
    "a database under a file": (
        "FAULT    database   cannot be reached (FileExistsError); check MADOGUCHI_DATABASE_URL and "
        "that the server runs"
    ),
    "a file that is no database": (
        "FAULT    database   cannot be reached (DatabaseError); check MADOGUCHI_DATABASE_URL and "
        "that the server runs"
    ),
    "an empty database": (
        "FAULT    database   is at nothing, the program needs {head}; run: madoguchi upgrade"
    ),
    "a database of the future": (
        "FAULT    database   is at 9999, which this program does not know; start the version that "
        "upgraded it, or a later one"
    ),
    "a database file that cannot be written": (
        "FAULT    database   {folder}/data/desk.db cannot be written by the user of the service; "
        "run: chown -R USER {folder}/data"
    ),
    "a folder that cannot be written": (
        "FAULT    database   {folder}/data cannot be written by the user of the service; run: "
        "chown -R USER {folder}/data"
    ),
    "SQLite over NFS": (
        "FAULT    database   {folder}/data lies on nfs4, where SQLite's locks do not hold; use a "
        "disk of this machine, or PostgreSQL"
    ),
    "SQLite on a Windows share": (
        "FAULT    database   {folder}/data lies on cifs, where SQLite's locks do not hold; use a "
        "disk of this machine, or PostgreSQL"
    ),
    "SQLite with several processes": (
        "FAULT    database   SQLite belongs to one process; set WEB_CONCURRENCY=1, or use PostgreSQL"
    ),
    "a full disk": (
        "FAULT    disk       {folder}/data has 4000 KB left; make room before anything can be stored"
    ),
    "another engine": ("FAULT    settings   MADOGUCHI_ENGINE: write embedded: there is no other engine"),
    "an unknown choice about personal data": (
        "FAULT    settings   MADOGUCHI_PII_IN_CHAT: write forbid, or allow"
    ),
    "an unknown level": "FAULT    settings   MADOGUCHI_LOG_LEVEL: write INFO, WARNING or ERROR",
    "too much in the log of a public desk": (
        "FAULT    privacy    a desk that serves residents must not log on DEBUG; set MADOGUCHI_LOG_LEVEL=INFO"
    ),
    "nobody who sends": "FAULT    settings   MADOGUCHI_SENDERS: write 1 or more",
    "a crowd that sends": "FAULT    settings   MADOGUCHI_SENDERS: write 1024 or less",
    "ids of events forgotten at once": ("FAULT    settings   MADOGUCHI_KEEP_INBOX_DAYS: write 7 or more"),
    "messages kept for ever": "FAULT    settings   MADOGUCHI_KEEP_BODIES_DAYS: write 400 or less",
    "failed events kept for ever": ("FAULT    settings   MADOGUCHI_KEEP_FAILED_DAYS: write 400 or less"),
    "half-filled forms removed at once": (
        "FAULT    settings   MADOGUCHI_KEEP_HALF_FILLED_DAYS: write 1 or more"
    ),
    "a setting misspelt": (
        "FAULT    settings   MADOGUCHI_PUBLIC_ULR is no setting; rename it to MADOGUCHI_PUBLIC_URL"
    ),
    "a setting misspelt in .env": (
        "FAULT    settings   MADOGUCHI_KEEP_BODY_DAYS is no setting; rename it to MADOGUCHI_KEEP_BODIES_DAYS"
    ),
    "a .env that others can read": (
        "FAULT    settings   others can read {folder}/.env; run: chmod 600 {folder}/.env"
    ),
    "a .env in another encoding": (
        "FAULT    settings   .env is not UTF-8; save it again with the encoding UTF-8"
    ),
    "a database that cannot hold every name": (
        "FAULT    database   is encoded in SQL_ASCII, which cannot hold every name; make it anew "
        "with ENCODING 'UTF8'"
    ),
    "a database that can only be read": (
        "FAULT    database   can only be read; let MADOGUCHI_DATABASE_URL name the primary server"
    ),
    "an old server": ("FAULT    database   PostgreSQL {version} is too old; upgrade it to 99 or later"),
    "a clock that is far off": (
        "FAULT    clock      its clock and this machine's are 3600 seconds apart; set both by NTP, "
        "see: timedatectl"
    ),
    "a server's database without tables": (
        "FAULT    database   is at nothing, the program needs {head}; run: madoguchi upgrade"
    ),
}
