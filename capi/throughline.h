/* clang-format off */
/* Throughline: one unbroken line from the first marketing touch on a company to the deal that is
 * won or lost. This header is the specification of the C interface; docs/c-abi.md tells its rules
 * on a page, docs/fact-format.md what commands mean, docs/life-of-a-lead.md what the policy
 * refuses.
 *
 * CONVENTIONS. They hold for every function; what differs is said where it differs.
 *
 *  Errors     A function that can fail returns a tl_status and takes as its last argument a
 *             `tl_error *`, the caller's memory, which may be NULL. On failure nothing was changed,
 *             what `out_` arguments point to is NULL, 0 or, for structs, zero behind struct_size.
 *             Any function that takes a tl_error may return, beside the statuses it lists:
 *               TL_INVALID_ARGUMENT  NULL where it is not allowed, a size or an index out of
 *                                    bounds, a struct_size that is none; `field` names the argument
 *               TL_REENTRANT         called from a callback of this library
 *               TL_NO_MEMORY         memory ran out
 *               TL_INTERNAL          a fault of this library
 *             No exception, abort or exit comes out of any function, also if memory runs out.
 *  Structs    begin with `struct_size`, which the caller sets to sizeof(the struct). Later versions
 *             append fields; a field that the library does not know must be zero. Zero, NULL and
 *             absent mean the default. `reserved` fields must be zero. Structs that do not begin
 *             so (tl_text, tl_ref, tl_date ...) never change.
 *  Text       is UTF-8, given as pointer and size, without a NUL at its end; a NULL pointer with
 *             size 0 is "not given". Text that comes out is the same; it may hold any character.
 *  Ownership  "borrowed": read during the call only. "owned": the caller must free it with the
 *             function that the type names. "view": lives as long as the object it comes from.
 *             Every free function accepts NULL. Objects may be freed in any order; a ledger's file
 *             is closed when the ledger and everything that says it keeps the ledger are freed.
 *  Time       is microseconds since 1970-01-01T00:00:00Z (tl_time), from year 1900 to 2199.
 *  Truth      values are int32_t: 0 is false, 1 is true.
 *  Threads    An object may be used by many threads at a time, but for tl_batch, which belongs to
 *             one thread at a time. Freeing an object while another thread uses it is a mistake.
 *  Callbacks  run in the thread that is named. They must not call functions of this library, but
 *             for the queries tl_version ... tl_name and the free functions; others answer
 *             TL_REENTRANT. They must not let an exception out and must not end with longjmp.
 *
 * A comment that says "Contract: X" means that what "@contract X" says holds for that function. */
/* clang-format on */

#ifndef THROUGHLINE_CAPI_H_
#define THROUGHLINE_CAPI_H_

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* What every function is declared with. */
#if defined(_WIN32)
#define TL_API
#else
#define TL_API __attribute__((visibility("default")))
#endif

#if defined(__cplusplus)
#define TL_NOEXCEPT noexcept
extern "C" {
#else
#define TL_NOEXCEPT
#endif

/* --- Versions, statuses, errors. -------------------------------------------------------------- */

/* Of this header. tl_version and tl_abi_version answer for the library that is loaded. */
#define TL_VERSION_MAJOR 0
#define TL_VERSION_MINOR 1
#define TL_VERSION_PATCH 0
#define TL_ABI_VERSION 1

/** @contract QUERY: cannot fail and takes no lock.
 * Thread-safety: any thread.   Re-entrancy: also from callbacks.   Since: 0.1 */

/** "0.1.0"; static text with a NUL at its end. Contract: QUERY. */
TL_API const char *tl_version(void) TL_NOEXCEPT;

/** TL_ABI_VERSION of the library: a program built with another one must not use it.
 * Contract: QUERY. */
TL_API int32_t tl_abi_version(void) TL_NOEXCEPT;

/* What a library may have been built with. */
enum {
  TL_FEATURE_SQLITE_FILE = 1, /* tl_ledger_create, tl_ledger_open */
  TL_FEATURE_MEMORY = 2,      /* tl_ledger_create_in_memory */
  TL_FEATURE_HOST_SQLITE = 3, /* tl_open_on_sqlite */
  TL_FEATURE_ARROW = 4,       /* tl_table_arrow_stream */
  /* Domains are reduced by the public suffix list; without it, by the policy's suffixes. */
  TL_FEATURE_PUBLIC_SUFFIXES = 5
};

/** 1 if the library has the feature, a TL_FEATURE_ value; 0 if not or if it knows none of that
 * number. Contract: QUERY. */
TL_API int32_t tl_has_feature(int32_t feature) TL_NOEXCEPT;

/* The low byte is the class, which is all that most callers need to look at; what is above it says
 * more. Values are never changed or used again. */
typedef int32_t tl_status;
enum {
  TL_OK = 0,
  TL_CANCELLED = 1,           /* a callback of the host asked for it */
  TL_UNKNOWN = 2,             /* not used */
  TL_INVALID_ARGUMENT = 3,    /* the input is malformed: `field` names it */
  TL_DEADLINE_EXCEEDED = 4,   /* not used */
  TL_NOT_FOUND = 5,           /* no such record, file or ledger: `field` names the reference */
  TL_ALREADY_EXISTS = 6,      /* taken: `id` is the holder's, if it has one */
  TL_PERMISSION_DENIED = 7,   /* the file may not be read, or not written */
  TL_RESOURCE_EXHAUSTED = 8,  /* disk or memory is full */
  TL_FAILED_PRECONDITION = 9, /* the policy said no: `rule` names the rule; or the wrong state */
  TL_ABORTED = 10,            /* the account has moved on: `version` is its current one */
  TL_OUT_OF_RANGE = 11,       /* an index at or behind the end */
  TL_UNIMPLEMENTED = 12,      /* a field or value of a later version */
  TL_INTERNAL = 13,           /* a fault of this library: report it */
  TL_UNAVAILABLE = 14,        /* the store failed or was locked too long; outcome unknown: send the
                                 same command with the same request id again */
  TL_DATA_LOSS = 15,          /* the file is damaged */
  TL_UNAUTHENTICATED = 16,    /* not used */
  TL_NO_MEMORY = 0x108,       /* TL_RESOURCE_EXHAUSTED: memory */
  TL_REENTRANT = 0x109        /* TL_FAILED_PRECONDITION: called from a callback */
};

/** The class of a status: a value from TL_OK to TL_UNAUTHENTICATED. */
#define TL_STATUS_CLASS(status) ((status)&0xFF)

/** "INVALID_ARGUMENT"; of a detailed status its own name; of an unknown one that of its class, or
 * "UNKNOWN". Static text with a NUL at its end. Contract: QUERY. */
TL_API const char *tl_status_name(tl_status status) TL_NOEXCEPT;

/* What is to be known of a failure beside its status. The caller's memory: nothing to free, and
 * nothing of it is bound to a thread. After a success `code` is TL_OK and the texts are empty.
 * Texts end with a NUL; what does not fit is cut between two characters. */
typedef struct tl_error {
  uint32_t struct_size; /* sizeof(tl_error); else the call is refused and nothing written here */
  tl_status code;       /* as returned */
  int64_t account;      /* which account it concerns; 0: none, or unknown */
  int64_t version;      /* of the account, with TL_ABORTED */
  int64_t id;           /* of the holder, with TL_ALREADY_EXISTS */
  char field[256];      /* the member or argument at fault: "stage", "external_ids[2].key" */
  char rule[64];        /* with TL_FAILED_PRECONDITION: "transition", "missing_reason" ... */
  char message[512];    /* one line, for people */
} tl_error;

/* --- Values. ---------------------------------------------------------------------------------- */

typedef int64_t tl_time; /* microseconds since 1970-01-01T00:00:00Z */

/* A text. */
typedef struct tl_text {
  const char *data; /* UTF-8; NULL: not given */
  size_t size;      /* in bytes */
} tl_text;

/* A number that may be missing. */
typedef struct tl_optional {
  int64_t value;
  int32_t given; /* 0: there is none, whatever `value` says */
  int32_t reserved;
} tl_optional;

/* A calendar day. */
typedef struct tl_date {
  int32_t days;  /* since 1970-01-01 */
  int32_t given; /* 0: there is none */
} tl_date;

/* When something happened. */
typedef struct tl_moment {
  tl_time at;
  int32_t given; /* 0: there is none */
  int32_t day;   /* 1: only the day is known; `at` is its beginning (UTC) and the thing counts as
                    before all else on that day */
} tl_moment;

/* An amount of money. */
typedef struct tl_money {
  int64_t minor;    /* minor units: cents of EUR, yen of JPY */
  char currency[4]; /* ISO 4217, and a NUL */
  int32_t given;    /* 0: not known, which is not zero */
} tl_money;

/* Yes, no, or not said. */
enum { TL_UNSAID = 0, TL_NO = 1, TL_YES = 2 };

/* In place of an id in a command: the record of that kind which a command before this one, in the
 * same tl_execute_atomic or tl_execute_all, was the last to open (a contact: to add; an owner or a
 * campaign: to define). TL_NOT_FOUND if there is none, or if that command was refused. */
enum { TL_OPENED_BEFORE = -1 };

/* Names a record in a command or a read: by its id, or by its id in another system. All empty: not
 * given. `system` has no ':'. */
typedef struct tl_ref {
  int64_t id;
  tl_text system;
  tl_text key;
} tl_ref;

/* Names an event: by its id, or by the key of the fact it was imported as. */
typedef struct tl_event_ref {
  int64_t id; /* tl_event.id */
  tl_text key;
} tl_event_ref;

/* The id of a record in another system. */
typedef struct tl_external_id {
  tl_text system;
  tl_text key;
} tl_external_id;

/* A value of an attribute that the policy declares. In commands an empty value removes it. */
typedef struct tl_attribute {
  tl_text name;
  tl_text value;
} tl_attribute;

/* Lists: at most 1,000 items. */

/* Texts. */
typedef struct tl_texts {
  const tl_text *items;
  size_t count;
} tl_texts;

/* Records. */
typedef struct tl_refs {
  const tl_ref *items;
  size_t count;
} tl_refs;

/* Ids in other systems. */
typedef struct tl_external_ids {
  const tl_external_id *items;
  size_t count;
} tl_external_ids;

/* Attributes. */
typedef struct tl_attributes {
  const tl_attribute *items;
  size_t count;
} tl_attributes;

/* Short ways to write values in C and C++. The texts must outlive the value. */

/* A text that ends with a NUL. */
static inline tl_text tl_text_of(const char *text) {
  tl_text value;
  value.data = text;
  value.size = text == NULL ? 0 : strlen(text);
  return value;
}

/* A record by its id. */
static inline tl_ref tl_ref_id(int64_t id) {
  tl_ref value;
  memset(&value, 0, sizeof(value));
  value.id = id;
  return value;
}

/* The record that was opened before: TL_OPENED_BEFORE. */
static inline tl_ref tl_ref_opened_before(void) { return tl_ref_id(TL_OPENED_BEFORE); }

/* A record by its id in another system. */
static inline tl_ref tl_ref_key(const char *system, const char *key) {
  tl_ref value;
  value.id = 0;
  value.system = tl_text_of(system);
  value.key = tl_text_of(key);
  return value;
}

/* A day, counted from 1970-01-01. */
static inline tl_date tl_date_days(int32_t days) {
  tl_date value;
  value.days = days;
  value.given = 1;
  return value;
}

/* A point in time. */
static inline tl_moment tl_moment_at(tl_time at) {
  tl_moment value;
  value.at = at;
  value.given = 1;
  value.day = 0;
  return value;
}

/* A day of which no more is known. */
static inline tl_moment tl_moment_day(int32_t days) {
  tl_moment value;
  value.at = (tl_time)days * 86400000000;
  value.given = 1;
  value.day = 1;
  return value;
}

/* A number that is given. */
static inline tl_optional tl_optional_of(int64_t number) {
  tl_optional value;
  value.value = number;
  value.given = 1;
  value.reserved = 0;
  return value;
}

/* An amount. `currency`: three letters, as in "EUR". */
static inline tl_money tl_money_of(int64_t minor, const char *currency) {
  tl_money value;
  memset(&value, 0, sizeof(value));
  value.minor = minor;
  value.given = 1;
  if (currency != NULL && strlen(currency) == 3) memcpy(value.currency, currency, 3);
  return value;
}

/* The fixed words of the lifecycle. tl_name gives them as they are written in files. */
enum {
  TL_ENTITY_NONE = 0,
  TL_ENTITY_ACCOUNT = 1,
  TL_ENTITY_CONTACT = 2,
  TL_ENTITY_LEAD = 3,
  TL_ENTITY_OPPORTUNITY = 4,
  TL_ENTITY_OWNER = 5,
  TL_ENTITY_CAMPAIGN = 6,
  TL_ENTITY_NOTE = 7
};
enum {
  TL_PHASE_NONE = 0,
  TL_PHASE_MARKETING = 1,
  TL_PHASE_LEAD = 2,
  TL_PHASE_OPPORTUNITY = 3,
  TL_PHASE_WON = 4,
  TL_PHASE_LOST = 5
};
enum {
  TL_STAGE_NONE = 0,
  TL_STAGE_OPEN = 1,     /* being worked */
  TL_STAGE_PARKED = 2,   /* set aside on purpose, expected back */
  TL_STAGE_CLOSED = 3,   /* over, for now */
  TL_STAGE_CONVERTED = 4 /* a lead that goes on as an opportunity */
};
enum {
  TL_OPPORTUNITY_TYPE_NONE = 0,
  TL_OPPORTUNITY_TYPE_NEW_BUSINESS = 1,
  TL_OPPORTUNITY_TYPE_EXPANSION = 2,
  TL_OPPORTUNITY_TYPE_RENEWAL = 3
};
enum { TL_OWNER_NONE = 0, TL_OWNER_REP = 1, TL_OWNER_TEAM = 2, TL_OWNER_PARTNER = 3 };
enum { TL_SIDE_NONE = 0, TL_SIDE_MARKETING = 1, TL_SIDE_SALES = 2 };
enum { TL_DIRECTION_NONE = 0, TL_DIRECTION_INBOUND = 1, TL_DIRECTION_OUTBOUND = 2 };
/* What a record is to its account's past. */
enum {
  TL_LINK_NONE = 0,       /* the first of its chain */
  TL_LINK_JOINS = 1,      /* open work is there: the same episode */
  TL_LINK_REENGAGES = 2,  /* the latest closed record was dead, disqualified or lost */
  TL_LINK_FOLLOWS_ON = 3, /* after a won deal */
  TL_LINK_CONVERTS = 4    /* an opportunity that its leads were converted into */
};
/* How a command is to be taken. */
enum {
  TL_MODE_DEFAULT = 0, /* commands are enforced, imports observed */
  TL_MODE_ENFORCE = 1, /* the policy may refuse */
  TL_MODE_OBSERVE = 2  /* it did happen: a breach of the policy is recorded with it */
};
/* Which of a record's three sources a report goes by. */
enum { TL_SOURCE_ORIGINAL = 0, TL_SOURCE_FIRST = 1, TL_SOURCE_LATEST = 2 };
/* Why an observed fact would have been refused as a live command; sets are bits, 1 << value. */
enum {
  TL_BREACH_TRANSITION = 0,
  TL_BREACH_MISSING_REASON = 1,
  TL_BREACH_MISSING_RETURN = 2,
  TL_BREACH_MISSING_AMOUNT = 3,
  TL_BREACH_MISSING_OWNER = 4,
  TL_BREACH_MISSING_CONTACT = 5,
  TL_BREACH_UNKNOWN_REASON = 6,
  TL_BREACH_OUT_OF_ORDER = 7,
  TL_BREACH_BEFORE_OPEN = 8,
  TL_BREACH_BEFORE_LEAD = 9,
  TL_BREACH_ERASED = 10 /* it names a person who was erased: recorded without the person */
};

/* By what somebody was recognised. */
enum {
  TL_MATCH_NONE = 0, /* nobody is known by what was given */
  TL_MATCH_EXTERNAL_ID = 1,
  TL_MATCH_EMAIL = 2,
  TL_MATCH_DOMAIN = 3,
  TL_MATCH_NAME = 4 /* the company's; in a given account, the person's */
};

/* What became of the question whether two accounts are one company. */
enum { TL_REVIEW_NONE = 0, TL_REVIEW_OPEN = 1, TL_REVIEW_DISTINCT = 2, TL_REVIEW_MERGED = 3 };

/* The lists of words that tl_name knows. */
enum {
  TL_NAMES_ENTITY = 1,
  TL_NAMES_PHASE = 2,
  TL_NAMES_STAGE_KIND = 3,
  TL_NAMES_OPPORTUNITY_TYPE = 4,
  TL_NAMES_OWNER_KIND = 5,
  TL_NAMES_SIDE = 6,
  TL_NAMES_DIRECTION = 7,
  TL_NAMES_LINK = 8,
  TL_NAMES_BREACH = 9,
  TL_NAMES_SOURCE = 10,
  TL_NAMES_COMMAND = 11, /* TL_COMMAND_ values: "lead.move" */
  TL_NAMES_EVENT = 12,   /* TL_EVENT_ values: "lead_moved" */
  TL_NAMES_MATCH = 13,
  TL_NAMES_REVIEW = 14,
  TL_NAMES_ACQUAINTANCE = 15
};

/** The name of a value in one of the lists TL_NAMES_; "" if it has none. Static text with a NUL at
 * its end. Contract: QUERY. */
TL_API const char *tl_name(int32_t list, int32_t value) TL_NOEXCEPT;

/* --- Texts. ----------------------------------------------------------------------------------- */

/** @contract FREE: ends the object; views of it are dead. NULL: nothing happens. Cannot fail.
 * Thread-safety: any thread; nobody else may be using the object.   Re-entrancy: also from
 * callbacks.   Since: 0.1 */

/** @contract VIEW: reads an object that does not change; what it gives are views, good until the
 * object is freed.
 * Returns: TL_OK; TL_OUT_OF_RANGE for an index that is negative or at or behind the end.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/* A text that the library made. Free: tl_string_free. */
typedef struct tl_string tl_string;

/** Its bytes, a view, with a NUL behind them; NULL for NULL. Contract: QUERY. */
TL_API const char *tl_string_data(const tl_string *string) TL_NOEXCEPT;

/** Its size in bytes, without the NUL; 0 for NULL. Contract: QUERY. */
TL_API size_t tl_string_size(const tl_string *string) TL_NOEXCEPT;

/** Frees a text. Contract: FREE. */
TL_API void tl_string_free(tl_string *string) TL_NOEXCEPT;

/* --- A ledger. -------------------------------------------------------------------------------- */

/* The whole history of every account, and the one way to add to it. Any number of threads may read
 * and write through one object: readers wait for nobody, writers share commits. Several processes
 * may open the same file. No threads of its own. Not to be used across fork(). Free:
 * tl_ledger_close. */
typedef struct tl_ledger tl_ledger;

/** The current time. Called by the thread that commits, which holds a lock: it must be quick. */
typedef tl_time (*tl_clock_fn)(void *payload);

enum { TL_LOG_WARNING = 1, TL_LOG_ERROR = 2 };

/** One line for the host's log: what an operator should see even if a caller ignores statuses:
 * calls that ended with TL_UNAVAILABLE, TL_DATA_LOSS, TL_RESOURCE_EXHAUSTED or TL_INTERNAL. Called
 * by the thread that made the call, before it returns. `text` is a view for the call. No personal
 * data. */
typedef void (*tl_log_fn)(void *payload, int32_t level, const char *text, size_t text_size);

/** Tells that the library will not use `payload` again. Called once, by the thread that freed the
 * last user of it. */
typedef void (*tl_destroy_fn)(void *payload);

enum {
  TL_SYNCHRONOUS_FULL = 0,  /* a commit that was answered outlives a loss of power */
  TL_SYNCHRONOUS_NORMAL = 1 /* it outlives the process; a loss of power may take the newest ones */
};

/* How a ledger is to work. */
typedef struct tl_ledger_options {
  uint32_t struct_size;
  int32_t read_only;       /* 1: refuses to write, never changes the file */
  int32_t synchronous;     /* TL_SYNCHRONOUS_ */
  int32_t busy_timeout_ms; /* wait for another process; 0: 5,000; negative: not at all */
  int32_t idle_readers;    /* connections kept for readers; 0: 8; negative: none; at most 1,024 */
  int32_t group_limit;     /* commands that share a commit; 0: 64; at most 1,024 */
  int64_t group_wait_us;   /* how long a commit waits for others; 0: 2,000; negative: never */
  int64_t mapped_bytes;  /* of the file that readers may map into memory; 0: 2 GiB; negative: none.
                            Where it is mapped an error of the disk is a SIGBUS, not a status */
  tl_text policy_json;   /* of a new ledger: a policy file's text; empty: the built-in one */
  tl_clock_fn clock;     /* NULL: the system's */
  tl_log_fn log;         /* NULL: nobody is told */
  void *payload;         /* of `clock` and `log` */
  tl_destroy_fn destroy; /* of `payload`, when the ledger is closed; NULL: nothing is called. If
                            the ledger could not be opened, the payload stays the caller's. */
} tl_ledger_options;

/** Makes a ledger in a new SQLite file and opens it. Beside the file, while it is open or after a
 * crash, stand <path>-wal and <path>-shm, which are part of it.
 * @param path       borrowed; where the file is to be. An empty file may be there already.
 * @param options    borrowed; NULL: all defaults.
 * @param out_ledger owned.
 * Returns: TL_OK; TL_ALREADY_EXISTS: there is a ledger; TL_NOT_FOUND: no such folder;
 * TL_INVALID_ARGUMENT: a fault in the options or the policy, `field` has its path;
 * TL_FAILED_PRECONDITION: it is something else than a ledger; TL_PERMISSION_DENIED;
 * TL_UNAVAILABLE: locked by another process; TL_RESOURCE_EXHAUSTED: no space.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_ledger_create(const char *path, size_t path_size,
                                  const tl_ledger_options *options, tl_ledger **out_ledger,
                                  tl_error *error) TL_NOEXCEPT;

/** Opens the ledger in an SQLite file. Nothing is replayed.
 * @param path       borrowed.
 * @param options    borrowed; NULL: all defaults. `policy_json` must be empty.
 * @param out_ledger owned.
 * Returns: TL_OK; TL_NOT_FOUND: no such file, or an empty one; TL_FAILED_PRECONDITION: something
 * else than a ledger, or one of another version; TL_DATA_LOSS: a damaged one;
 * TL_PERMISSION_DENIED; TL_UNAVAILABLE: locked by another process; TL_RESOURCE_EXHAUSTED.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_ledger_open(const char *path, size_t path_size,
                                const tl_ledger_options *options, tl_ledger **out_ledger,
                                tl_error *error) TL_NOEXCEPT;

/** Makes a ledger in memory: gone when it is closed. For tests, and for work that is thrown away.
 * @param options    borrowed; NULL: all defaults. What concerns files is ignored.
 * @param out_ledger owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: a fault in the options or the policy.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_ledger_create_in_memory(const tl_ledger_options *options,
                                            tl_ledger **out_ledger, tl_error *error) TL_NOEXCEPT;

struct sqlite3; /* of <sqlite3.h> */

/** sqlite3_libversion of the SQLite that the host uses. */
typedef const char *(*tl_sqlite_libversion_fn)(void);

/* Where in the host's own database a ledger is. */
typedef struct tl_sqlite_host {
  uint32_t struct_size;
  int32_t create;                     /* 1: makes a new ledger; 0: opens the one that is there */
  struct sqlite3 *connection;         /* the tables are in its database "main" */
  tl_sqlite_libversion_fn libversion; /* sqlite3_libversion, of the SQLite that opened it */
  tl_text prefix; /* of the names of all tables and indexes: [a-z_][a-z0-9_]*, at most 32
                     characters, not "sqlite_"; not given: "throughline_". Another prefix is another
                     ledger. */
} tl_sqlite_host;

/** Opens a ledger inside the host's own SQLite database, on the host's connection, so that rows of
 * the host and commits of the ledger stand or fall in one transaction (TL_FEATURE_HOST_SQLITE;
 * docs/host-database.md tells more).
 *
 * Transactions: if the host is in one, a call that writes is a savepoint in it, released if the
 * call succeeds and rolled back to if not. The host commits. If it rolls back, the commits of the
 * ledger are undone too, their seq and ids are given out again, and the ledger notices by itself.
 * Reads see the transaction as it stands; receipts, subscriptions, the feed and snapshots tell of
 * commits that the host may still roll back. If the host is in no transaction, each call has one of
 * its own; none stays open between calls. Some errors (a full disk, an I/O error, an interrupt)
 * make SQLite roll back the host's whole transaction: sqlite3_get_autocommit() tells.
 *
 * Ownership: the connection stays the host's. It is never closed, its pragmas, hooks, handlers and
 * limits are used as they are (so durability is the host's choice), and sqlite3_last_insert_rowid()
 * is left as it was. But PRAGMA secure_delete is switched on, for what is erased. It must stay open
 * until the ledger and everything that keeps it are freed. To the host the tables are for reading.
 *
 * @param host       borrowed; what `connection` points to is kept by the ledger.
 * @param options    borrowed; NULL: all defaults. `policy_json` only with `create`; read_only,
 *                   synchronous, busy_timeout_ms, idle_readers and mapped_bytes must be 0: they
 *                   are properties of the connection.
 * @param out_ledger owned.
 * Returns: TL_OK; TL_NOT_FOUND: no ledger with this prefix; TL_ALREADY_EXISTS: there is one;
 * TL_INVALID_ARGUMENT: a fault in `host` or the options, `field` has its path;
 * TL_FAILED_PRECONDITION: `libversion` is of another copy of SQLite than this library uses, and two
 * copies in one process damage files; or a ledger of another version, names that something else
 * has, a database not in UTF-8, a ledger with this prefix that is open on the connection already
 * (also if it was closed, but a subscription keeps it); TL_PERMISSION_DENIED: read-only, or an
 * authorizer said no; TL_UNAVAILABLE: locked by another connection; TL_RESOURCE_EXHAUSTED.
 * Thread-safety: one thread at a time for all that is on the connection, the host's statements as
 * well as calls on this ledger. Who follows the feed from another thread opens the ledger once more
 * on a connection of its own; at most one ledger per connection and prefix.
 * Re-entrancy: not from callbacks; callbacks must not use the connection.   Since: 0.1 */
TL_API tl_status tl_open_on_sqlite(const tl_sqlite_host *host, const tl_ledger_options *options,
                                   tl_ledger **out_ledger, tl_error *error) TL_NOEXCEPT;

/** Closes a ledger: the handle is dead. The file itself is closed when no subscription keeps it.
 * Contract: FREE. */
TL_API void tl_ledger_close(tl_ledger *ledger) TL_NOEXCEPT;

/* --- Commands. -------------------------------------------------------------------------------- */

/* A command is asked for by a struct of its kind and carried out by the function of its name; or it
 * is put into a batch. The members are those of docs/fact-format.md. Stages, reasons, kinds and
 * types are keys of the policy. */

/* Numbers of commands, as in tl_command.command. Never changed or used again. */
enum {
  TL_COMMAND_ACCOUNT_OPEN = 1,
  TL_COMMAND_ACCOUNT_UPDATE = 2,
  TL_COMMAND_CONTACT_ADD = 3,
  TL_COMMAND_CONTACT_UPDATE = 4,
  TL_COMMAND_CONTACT_MOVE = 5,
  TL_COMMAND_TOUCH_RECORD = 6,
  TL_COMMAND_TOUCH_RETRACT = 7,
  TL_COMMAND_NOTE_ADD = 8,
  TL_COMMAND_LEAD_OPEN = 9,
  TL_COMMAND_LEAD_MOVE = 10,
  TL_COMMAND_LEAD_ASSIGN = 11,
  TL_COMMAND_LEAD_NURTURE = 12,
  TL_COMMAND_LEAD_CLOSE = 13,
  TL_COMMAND_LEAD_REOPEN = 14,
  TL_COMMAND_LEAD_CONVERT = 15,
  TL_COMMAND_OPPORTUNITY_OPEN = 16,
  TL_COMMAND_OPPORTUNITY_MOVE = 17,
  TL_COMMAND_OPPORTUNITY_VALUE = 18,
  TL_COMMAND_OPPORTUNITY_ASSIGN = 19,
  TL_COMMAND_OPPORTUNITY_ROLE = 20,
  TL_COMMAND_OPPORTUNITY_WIN = 21,
  TL_COMMAND_OPPORTUNITY_LOSE = 22,
  TL_COMMAND_OPPORTUNITY_BOOK = 23,
  TL_COMMAND_OPPORTUNITY_REOPEN = 24,
  TL_COMMAND_EVENT_AMEND = 25,
  TL_COMMAND_EVENT_VOID = 26,
  TL_COMMAND_OWNER_DEFINE = 27,
  TL_COMMAND_CAMPAIGN_DEFINE = 28,
  TL_COMMAND_CAMPAIGN_COST = 29,
  TL_COMMAND_EXCHANGE_RATE_SET = 30,
  TL_COMMAND_POLICY_SET = 31,
  TL_COMMAND_ACCOUNT_MERGE = 32,
  TL_COMMAND_ACCOUNT_UNMERGE = 33,
  TL_COMMAND_CONTACT_MERGE = 34,
  TL_COMMAND_CONTACT_UNMERGE = 35,
  TL_COMMAND_CONTACT_ERASE = 36,
  TL_COMMAND_ACCOUNT_DISTINCT = 37
};

/* What every command's struct begins with. tl_execute and tl_batch_add take a pointer to it, made
 * by TL_COMMAND(&args) of one that has `command` set; the function of the command itself takes the
 * struct as it is, and there `command` may be 0. */
typedef struct tl_command {
  uint32_t struct_size; /* of the whole struct: sizeof(tl_lead_move_args) */
  int32_t command;      /* TL_COMMAND_ */
} tl_command;

/* The beginning of a command's struct. */
#define TL_COMMAND(args) ((const tl_command *)(const void *)(args))

/* How a command is to be taken. NULL: all defaults. */
typedef struct tl_context {
  uint32_t struct_size;
  int32_t mode;                 /* TL_MODE_ */
  tl_ref actor;                 /* the owner who does it; empty: the system */
  tl_moment occurred_at;        /* default: now; at most 5 minutes after now */
  tl_text request_id;           /* at most 64 bytes; the same id again gives the first receipt */
  tl_optional expected_version; /* of the account; of the owner or campaign defined */
  tl_optional entered_at;       /* tl_time; when it was entered in the system it comes from */
  tl_text fact_key;             /* of an imported fact: what its account has already is skipped */
} tl_context;

/* What an accepted command did. */
typedef struct tl_receipt {
  uint32_t struct_size;
  int32_t entity;      /* TL_ENTITY_ of what it opened, defined or added */
  int64_t id;          /* and the id of that; 0: nothing */
  int64_t seq;         /* of its commit (of the first, if it touched two accounts) */
  int64_t account;     /* 0: what belongs to no company */
  int64_t version;     /* of the account, after it */
  tl_time recorded_at; /* assigned by the ledger, strictly increasing */
  int64_t events;      /* how many; the first has the id seq << 20, the others follow */
  uint32_t breaches;   /* bits 1 << TL_BREACH_ */
  int32_t repeated;    /* 1: nothing was written: the request id, or the fact, was known. The
                        * others are then those of the first receipt, `pending` aside; of a fact
                        * that an import brought, `version` is after all that it wrote with it */
  int32_t pending;     /* 1, of contact.erase: readers keep traces of it: tl_finish_erasures */
  int32_t reserved;

  /* Of a command that had its `match` looked up; else all 0. docs/matching.md. */
  int32_t matched;          /* 1: it was */
  int32_t match_rule;       /* TL_MATCH_; 0: nobody was known by what was given */
  int64_t match_contact;    /* 0: nobody in particular of `account` */
  int64_t match_candidates; /* accounts that have what was found */
  int32_t opened_account;   /* 1: `account` was opened for it */
  int32_t opened_contact;   /* 1: `match_contact` was added for it */
  int64_t events_before;    /* of the events of a single command: how many stand
                               before what it says itself */
} tl_receipt;

/** @contract COMMAND: decides one command and commits it; it is durable when the call returns. A
 * refused command changes nothing.
 * @param ledger      borrowed.
 * @param args        borrowed, with all it points to.
 * @param context     borrowed; NULL: all defaults.
 * @param out_receipt the caller's, struct_size set; may be NULL.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: malformed, `field` names the member; TL_NOT_FOUND: `field`
 * names the reference; TL_ALREADY_EXISTS: an external id is another's (`id`), or the request id was
 * used for another command; TL_FAILED_PRECONDITION: `rule` of the policy said no; TL_ABORTED:
 * another version than expected, `version` is the current one; TL_PERMISSION_DENIED: opened
 * read_only; TL_UNAVAILABLE: outcome unknown, repeat it with the same request id;
 * TL_RESOURCE_EXHAUSTED, TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Carries out a command of any kind: `args` is TL_COMMAND(&struct). For bindings; C programs have
 * the functions below. Contract: COMMAND. */
TL_API tl_status tl_execute(tl_ledger *ledger, const tl_command *args, const tl_context *context,
                            tl_receipt *out_receipt, tl_error *error) TL_NOEXCEPT;

/* --- Accounts and people. */

typedef struct tl_account_open_args {
  uint32_t struct_size;
  int32_t command;
  tl_text name;
  tl_texts domains;             /* web and mail domains */
  tl_attributes attributes;     /* as the policy declares them */
  tl_external_ids external_ids; /* ids in other systems */
} tl_account_open_args;

/** Opens an account. Contract: COMMAND. */
TL_API tl_status tl_account_open(tl_ledger *ledger, const tl_account_open_args *args,
                                 const tl_context *context, tl_receipt *out_receipt,
                                 tl_error *error) TL_NOEXCEPT;

typedef struct tl_account_update_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account;
  tl_text name;                 /* NULL: unchanged */
  tl_texts domains;             /* to add */
  tl_texts removed_domains;     /* to remove */
  tl_attributes attributes;     /* to set; an empty value removes one */
  tl_external_ids external_ids; /* to add */
} tl_account_update_args;

/** Changes what is known of an account. Contract: COMMAND. */
TL_API tl_status tl_account_update(tl_ledger *ledger, const tl_account_update_args *args,
                                   const tl_context *context, tl_receipt *out_receipt,
                                   tl_error *error) TL_NOEXCEPT;

typedef struct tl_contact_add_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account;
  tl_text name;
  tl_text email;
  tl_text phone;
  tl_text title; /* job title */
  tl_attributes attributes;
  tl_external_ids external_ids;
} tl_contact_add_args;

/** Adds a person to an account. Contract: COMMAND. */
TL_API tl_status tl_contact_add(tl_ledger *ledger, const tl_contact_add_args *args,
                                const tl_context *context, tl_receipt *out_receipt,
                                tl_error *error) TL_NOEXCEPT;

typedef struct tl_contact_update_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref contact;
  tl_text name; /* here and below NULL: unchanged; empty: cleared */
  tl_text email;
  tl_text phone;
  tl_text title;
  tl_attributes attributes;     /* to set; an empty value removes one */
  tl_external_ids external_ids; /* to add */
} tl_contact_update_args;

/** Changes what is known of a person. Contract: COMMAND. */
TL_API tl_status tl_contact_update(tl_ledger *ledger, const tl_contact_update_args *args,
                                   const tl_context *context, tl_receipt *out_receipt,
                                   tl_error *error) TL_NOEXCEPT;

typedef struct tl_contact_move_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref contact;
  tl_ref account; /* where to */
} tl_contact_move_args;

/** The person now works for another company; their past stays where it happened.
 * Contract: COMMAND. */
TL_API tl_status tl_contact_move(tl_ledger *ledger, const tl_contact_move_args *args,
                                 const tl_context *context, tl_receipt *out_receipt,
                                 tl_error *error) TL_NOEXCEPT;

typedef struct tl_account_merge_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* whose name shows */
  tl_ref merged;  /* becomes an alias of it */
  tl_text reason; /* why, as a key */
} tl_account_merge_args;

/** Two accounts are one company: from now on their histories are read, linked and counted as one.
 * Nothing is rewritten, ids of both go on resolving. Refused by the rule "merged" if `merged` is an
 * alias already, or `account` one of it. Contract: COMMAND. */
TL_API tl_status tl_account_merge(tl_ledger *ledger, const tl_account_merge_args *args,
                                  const tl_context *context, tl_receipt *out_receipt,
                                  tl_error *error) TL_NOEXCEPT;

typedef struct tl_account_unmerge_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* the alias */
  tl_text reason; /* why, as a key */
} tl_account_unmerge_args;

/** Undoes the merge by which an account became an alias; conversions from one side into the other
 * are void. Refused by the rule "merged" if it is no alias. Contract: COMMAND. */
TL_API tl_status tl_account_unmerge(tl_ledger *ledger, const tl_account_unmerge_args *args,
                                    const tl_context *context, tl_receipt *out_receipt,
                                    tl_error *error) TL_NOEXCEPT;

typedef struct tl_contact_merge_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref contact; /* whose profile shows */
  tl_ref merged;  /* becomes an alias of it */
  tl_text reason; /* why, as a key */
} tl_contact_merge_args;

/** Two contacts of an account, or of accounts that are merged, are one person. Refused by the rule
 * "merged" as of accounts. Contract: COMMAND. */
TL_API tl_status tl_contact_merge(tl_ledger *ledger, const tl_contact_merge_args *args,
                                  const tl_context *context, tl_receipt *out_receipt,
                                  tl_error *error) TL_NOEXCEPT;

typedef struct tl_contact_unmerge_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref contact; /* the alias */
  tl_text reason; /* why, as a key */
} tl_contact_unmerge_args;

/** Undoes the merge by which a contact became an alias. Refused by the rule "merged" if it is none.
 * Contract: COMMAND. */
TL_API tl_status tl_contact_unmerge(tl_ledger *ledger, const tl_contact_unmerge_args *args,
                                    const tl_context *context, tl_receipt *out_receipt,
                                    tl_error *error) TL_NOEXCEPT;

typedef struct tl_contact_erase_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref contact;
  tl_text reason; /* a key */
} tl_contact_erase_args;

/** Erases what is known of a person, for good; what they did stays, without a name
 * (docs/erasure.md). Contract: COMMAND. */
TL_API tl_status tl_contact_erase(tl_ledger *ledger, const tl_contact_erase_args *args,
                                  const tl_context *context, tl_receipt *out_receipt,
                                  tl_error *error) TL_NOEXCEPT;

/** Removes what is left in the files of people whose erasure was `pending`, for readers that began
 * before the erasure, in any process, stood in the way.
 * @param ledger   borrowed.
 * @param out_done 1: nothing is left; 0: readers still stand in the way.
 * Returns: TL_OK; TL_PERMISSION_DENIED: opened read_only; TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED,
 * TL_DATA_LOSS: the store.
 * Thread-safety: any thread; waits for writers.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_finish_erasures(tl_ledger *ledger, int32_t *out_done,
                                    tl_error *error) TL_NOEXCEPT;

typedef struct tl_account_distinct_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account;
  tl_ref other;
} tl_account_distinct_args;

/** Says that two accounts are two companies: they are not put up for review again.
 * Contract: COMMAND. */
TL_API tl_status tl_account_distinct(tl_ledger *ledger, const tl_account_distinct_args *args,
                                     const tl_context *context, tl_receipt *out_receipt,
                                     tl_error *error) TL_NOEXCEPT;

/* --- Touches and notes. */

/* What the outside world knows of who sent something: whoever it is is looked for in the order of
 * the policy, and opened if nobody is found. */
typedef struct tl_identity {
  uint32_t struct_size;
  int32_t reserved; /* 0 */
  tl_text email;
  tl_text name;
  tl_text phone;
  tl_text title; /* job title */
  tl_text company;
  tl_text domain; /* of the company, or its web site */
  tl_external_ids contact_external_ids;
  tl_external_ids account_external_ids;
} tl_identity;

typedef struct tl_touch_record_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* may be left out if contact, lead, opportunity or match is given */
  tl_ref contact; /* empty: anonymous */
  tl_ref lead;
  tl_ref opportunity;
  tl_ref campaign;
  tl_ref owner;             /* who acted for us */
  tl_text channel;          /* default: the campaign's */
  tl_text kind;             /* a touch kind of the policy, e.g. webinar */
  int32_t side;             /* TL_SIDE_; here and below default: the kind's */
  int32_t direction;        /* TL_DIRECTION_ */
  int32_t response;         /* TL_UNSAID, TL_NO, TL_YES: the other side reacts */
  int32_t follow_up;        /* the same: the owner works a lead that was handed over */
  const tl_identity *match; /* who it was, to be looked up; may be NULL */
} tl_touch_record_args;

/** Records one interaction. Its id is that of its event: (receipt.seq << 20) +
 * receipt.events_before, if it was a call of its own. Contract: COMMAND. */
TL_API tl_status tl_touch_record(tl_ledger *ledger, const tl_touch_record_args *args,
                                 const tl_context *context, tl_receipt *out_receipt,
                                 tl_error *error) TL_NOEXCEPT;

typedef struct tl_touch_retract_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* needed when `touch` is a fact key */
  tl_event_ref touch;
  tl_text reason;
} tl_touch_retract_args;

/** Says that a touch never happened. Contract: COMMAND. */
TL_API tl_status tl_touch_retract(tl_ledger *ledger, const tl_touch_retract_args *args,
                                  const tl_context *context, tl_receipt *out_receipt,
                                  tl_error *error) TL_NOEXCEPT;

typedef struct tl_note_add_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* exactly one of these four */
  tl_ref contact;
  tl_ref lead;
  tl_ref opportunity;
  tl_text text; /* at most 64 KiB */
} tl_note_add_args;

/** Adds a note. Contract: COMMAND. */
TL_API tl_status tl_note_add(tl_ledger *ledger, const tl_note_add_args *args,
                             const tl_context *context, tl_receipt *out_receipt,
                             tl_error *error) TL_NOEXCEPT;

/* --- Leads. */

typedef struct tl_lead_open_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* may be left out if contact or match is given */
  tl_ref contact;
  tl_ref owner;
  tl_text stage;     /* default: the policy's first */
  tl_text type;      /* a lead type of the policy */
  tl_text source;    /* the channel that who opens it claims */
  tl_date return_on; /* of a parked stage */
  tl_attributes attributes;
  tl_external_ids external_ids;
  const tl_identity *match; /* who it is, to be looked up; may be NULL */
} tl_lead_open_args;

/** Opens a lead. What it is to the account's past is decided here. Contract: COMMAND. */
TL_API tl_status tl_lead_open(tl_ledger *ledger, const tl_lead_open_args *args,
                              const tl_context *context, tl_receipt *out_receipt,
                              tl_error *error) TL_NOEXCEPT;

typedef struct tl_lead_move_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref lead;
  tl_text stage;
  tl_text reason;
  tl_date return_on; /* of a parked stage */
} tl_lead_move_args;

/** Moves a lead to another stage. Contract: COMMAND. */
TL_API tl_status tl_lead_move(tl_ledger *ledger, const tl_lead_move_args *args,
                              const tl_context *context, tl_receipt *out_receipt,
                              tl_error *error) TL_NOEXCEPT;

typedef struct tl_lead_assign_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref lead;
  tl_ref owner;
} tl_lead_assign_args;

/** Gives a lead to an owner; the first time to sales or a partner is the hand-off.
 * Contract: COMMAND. */
TL_API tl_status tl_lead_assign(tl_ledger *ledger, const tl_lead_assign_args *args,
                                const tl_context *context, tl_receipt *out_receipt,
                                tl_error *error) TL_NOEXCEPT;

typedef struct tl_lead_nurture_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref lead;
  tl_date until; /* the day it comes back */
} tl_lead_nurture_args;

/** Sets a lead aside until a day. Contract: COMMAND. */
TL_API tl_status tl_lead_nurture(tl_ledger *ledger, const tl_lead_nurture_args *args,
                                 const tl_context *context, tl_receipt *out_receipt,
                                 tl_error *error) TL_NOEXCEPT;

typedef struct tl_lead_close_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref lead;
  tl_text stage; /* a closed stage, e.g. dead or disqualified */
  tl_text reason;
} tl_lead_close_args;

/** Ends a lead for now. Contract: COMMAND. */
TL_API tl_status tl_lead_close(tl_ledger *ledger, const tl_lead_close_args *args,
                               const tl_context *context, tl_receipt *out_receipt,
                               tl_error *error) TL_NOEXCEPT;

typedef struct tl_lead_reopen_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref lead;
  tl_text stage; /* default: where it was before it was closed */
} tl_lead_reopen_args;

/** Opens a closed lead again. Contract: COMMAND. */
TL_API tl_status tl_lead_reopen(tl_ledger *ledger, const tl_lead_reopen_args *args,
                                const tl_context *context, tl_receipt *out_receipt,
                                tl_error *error) TL_NOEXCEPT;

typedef struct tl_lead_convert_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref lead;
  tl_ref opportunity;
} tl_lead_convert_args;

/** Converts a lead into an opportunity that is there already. Contract: COMMAND. */
TL_API tl_status tl_lead_convert(tl_ledger *ledger, const tl_lead_convert_args *args,
                                 const tl_context *context, tl_receipt *out_receipt,
                                 tl_error *error) TL_NOEXCEPT;

/* --- Opportunities. */

typedef struct tl_opportunity_open_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* may be left out if leads or match are given */
  tl_refs leads;  /* the leads it comes from: converted by this */
  int32_t type;   /* TL_OPPORTUNITY_TYPE_; default: new business, or expansion after a won deal */
  int32_t reserved;
  tl_text name;
  tl_ref owner;
  tl_text stage;      /* default: the policy's first */
  tl_text source;     /* the channel that who opens it claims */
  tl_money amount;    /* not given: unknown */
  tl_date close_date; /* when it is expected to close */
  tl_attributes attributes;
  tl_external_ids external_ids;
  const tl_identity *match; /* whose it is, to be looked up: they get the role "contact" in it;
                             * may be NULL */
} tl_opportunity_open_args;

/** Opens an opportunity, and converts the leads named into it. Contract: COMMAND. */
TL_API tl_status tl_opportunity_open(tl_ledger *ledger, const tl_opportunity_open_args *args,
                                     const tl_context *context, tl_receipt *out_receipt,
                                     tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_move_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_text stage;
  tl_text reason;
  tl_date return_on; /* of a parked stage */
} tl_opportunity_move_args;

/** Moves an opportunity to another stage. Contract: COMMAND. */
TL_API tl_status tl_opportunity_move(tl_ledger *ledger, const tl_opportunity_move_args *args,
                                     const tl_context *context, tl_receipt *out_receipt,
                                     tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_value_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_money amount;    /* not given: unchanged */
  tl_date close_date; /* not given: unchanged */
} tl_opportunity_value_args;

/** Says what an opportunity is worth and when it will close. Contract: COMMAND. */
TL_API tl_status tl_opportunity_value(tl_ledger *ledger, const tl_opportunity_value_args *args,
                                      const tl_context *context, tl_receipt *out_receipt,
                                      tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_assign_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_ref owner;
} tl_opportunity_assign_args;

/** Gives an opportunity to an owner. Contract: COMMAND. */
TL_API tl_status tl_opportunity_assign(tl_ledger *ledger, const tl_opportunity_assign_args *args,
                                       const tl_context *context, tl_receipt *out_receipt,
                                       tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_role_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_ref contact;
  tl_text role; /* e.g. decision_maker; empty removes it */
} tl_opportunity_role_args;

/** Says which part a person plays in an opportunity. Contract: COMMAND. */
TL_API tl_status tl_opportunity_role(tl_ledger *ledger, const tl_opportunity_role_args *args,
                                     const tl_context *context, tl_receipt *out_receipt,
                                     tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_win_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_money amount; /* default: its value; live commands need one */
  tl_text reason;
} tl_opportunity_win_args;

/** The deal is won. Contract: COMMAND. */
TL_API tl_status tl_opportunity_win(tl_ledger *ledger, const tl_opportunity_win_args *args,
                                    const tl_context *context, tl_receipt *out_receipt,
                                    tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_lose_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_text reason;
} tl_opportunity_lose_args;

/** The deal is lost. Contract: COMMAND. */
TL_API tl_status tl_opportunity_lose(tl_ledger *ledger, const tl_opportunity_lose_args *args,
                                     const tl_context *context, tl_receipt *out_receipt,
                                     tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_book_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_money amount;
  tl_date booked_on;
  tl_text order; /* its id in the order system */
} tl_opportunity_book_args;

/** An order that the order system confirmed. Contract: COMMAND. */
TL_API tl_status tl_opportunity_book(tl_ledger *ledger, const tl_opportunity_book_args *args,
                                     const tl_context *context, tl_receipt *out_receipt,
                                     tl_error *error) TL_NOEXCEPT;

typedef struct tl_opportunity_reopen_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref opportunity;
  tl_text stage; /* default: where it was before it was closed */
} tl_opportunity_reopen_args;

/** Opens a closed opportunity again. Contract: COMMAND. */
TL_API tl_status tl_opportunity_reopen(tl_ledger *ledger, const tl_opportunity_reopen_args *args,
                                       const tl_context *context, tl_receipt *out_receipt,
                                       tl_error *error) TL_NOEXCEPT;

/* --- Corrections. */

typedef struct tl_event_amend_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* needed when `event` is a fact key */
  tl_event_ref event;
  tl_moment occurred_at; /* not given: unchanged */
  tl_attributes changes; /* members of the event, by name; values as in the fact format */
  tl_text reason;        /* why, as a key */
} tl_event_amend_args;

/** Mends an event of the past: another date, other values. Contract: COMMAND. */
TL_API tl_status tl_event_amend(tl_ledger *ledger, const tl_event_amend_args *args,
                                const tl_context *context, tl_receipt *out_receipt,
                                tl_error *error) TL_NOEXCEPT;

typedef struct tl_event_void_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref account; /* needed when `event` is a fact key */
  tl_event_ref event;
  tl_text reason;     /* why, as a key */
  int32_t dependents; /* TL_YES: also the moves that build on an opening */
  int32_t reserved;
} tl_event_void_args;

/** Says that an event never happened. To undo a conversion: void the move of the lead, and the
 * opportunity stays; or the opening of the opportunity with its dependents. Contract: COMMAND. */
TL_API tl_status tl_event_void(tl_ledger *ledger, const tl_event_void_args *args,
                               const tl_context *context, tl_receipt *out_receipt,
                               tl_error *error) TL_NOEXCEPT;

/* --- What belongs to no company. */

typedef struct tl_owner_define_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref owner;    /* empty: a new one, unless an external id is known */
  int32_t kind;    /* TL_OWNER_; default of a new one: rep */
  int32_t side;    /* TL_SIDE_; default of a new one: sales */
  tl_text name;    /* NULL: unchanged */
  tl_ref team;     /* empty: unchanged */
  int32_t retired; /* TL_UNSAID: unchanged; TL_YES: takes no more leads */
  int32_t reserved;
  tl_external_ids external_ids; /* to add */
} tl_owner_define_args;

/** Defines an owner, or changes one. Contract: COMMAND. */
TL_API tl_status tl_owner_define(tl_ledger *ledger, const tl_owner_define_args *args,
                                 const tl_context *context, tl_receipt *out_receipt,
                                 tl_error *error) TL_NOEXCEPT;

typedef struct tl_campaign_define_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref campaign; /* empty: a new one, unless an external id is known */
  tl_text name;    /* NULL: unchanged */
  tl_text channel; /* of its touches, unless they say; NULL: unchanged */
  tl_ref parent;
  tl_date starts_on;
  tl_date ends_on;
  tl_external_ids external_ids; /* to add */
} tl_campaign_define_args;

/** Defines a campaign, or changes one. Contract: COMMAND. */
TL_API tl_status tl_campaign_define(tl_ledger *ledger, const tl_campaign_define_args *args,
                                    const tl_context *context, tl_receipt *out_receipt,
                                    tl_error *error) TL_NOEXCEPT;

typedef struct tl_campaign_cost_args {
  uint32_t struct_size;
  int32_t command;
  tl_ref campaign;
  tl_date spent_on;
  tl_money amount; /* replaces what was said of that day */
} tl_campaign_cost_args;

/** Says what a campaign cost on a day. Contract: COMMAND. */
TL_API tl_status tl_campaign_cost(tl_ledger *ledger, const tl_campaign_cost_args *args,
                                  const tl_context *context, tl_receipt *out_receipt,
                                  tl_error *error) TL_NOEXCEPT;

typedef struct tl_exchange_rate_set_args {
  uint32_t struct_size;
  int32_t command;
  char base[4]; /* ISO 4217, and a NUL */
  char quote[4];
  tl_date valid_from;
  int64_t rate_e9; /* units of quote per unit of base, times 10^9 */
} tl_exchange_rate_set_args;

/** Sets an exchange rate from a day on. Contract: COMMAND. */
TL_API tl_status tl_exchange_rate_set(tl_ledger *ledger, const tl_exchange_rate_set_args *args,
                                      const tl_context *context, tl_receipt *out_receipt,
                                      tl_error *error) TL_NOEXCEPT;

typedef struct tl_policy_set_args {
  uint32_t struct_size;
  int32_t command;
  tl_text json; /* the policy file's text */
} tl_policy_set_args;

/** Puts a new version of the policy in force for every later command. Contract: COMMAND. */
TL_API tl_status tl_policy_set(tl_ledger *ledger, const tl_policy_set_args *args,
                               const tl_context *context, tl_receipt *out_receipt,
                               tl_error *error) TL_NOEXCEPT;

/* --- Batches. --------------------------------------------------------------------------------- */

/* Commands with their contexts, copied, in the order in which they were added. They come from
 * structs, from JSON lines or from columns, and may be mixed. A batch can be executed many times,
 * in slices, on several ledgers, and be imported. For one thread at a time. Free: tl_batch_free. */
typedef struct tl_batch tl_batch;

enum { TL_MAX_COMMANDS = 8192 /* of one call of tl_execute_atomic or tl_execute_all */ };

/** @contract BATCH: changes a batch as a whole or, on failure, not at all.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: malformed, `field` names the member.
 * Thread-safety: one thread at a time for a batch.   Re-entrancy: not from callbacks.
 * Since: 0.1 */

/** Makes an empty batch.
 * @param out_batch owned.
 * Contract: BATCH. */
TL_API tl_status tl_batch_create(tl_batch **out_batch, tl_error *error) TL_NOEXCEPT;

/** Adds a command.
 * @param args    borrowed; TL_COMMAND(&struct), `command` set.
 * @param context borrowed; NULL: all defaults. tl_execute_atomic ignores it.
 * Contract: BATCH. */
TL_API tl_status tl_batch_add(tl_batch *batch, const tl_command *args, const tl_context *context,
                              tl_error *error) TL_NOEXCEPT;

/** Adds the facts of JSON lines (docs/fact-format.md), which say their own context. Empty lines are
 * skipped. `field` of an error begins with "lines[i].", counted from 0.
 * @param text         borrowed.
 * @param default_mode TL_MODE_, of facts that name none.
 * Contract: BATCH. */
TL_API tl_status tl_batch_add_json(tl_batch *batch, const char *text, size_t text_size,
                                   int32_t default_mode, tl_error *error) TL_NOEXCEPT;

enum { TL_UNIT_NONE = 0, TL_UNIT_DAYS = 1 /* "at": days since 1970-01-01 of day precision */ };

/* One member of many commands of one kind: rows[i] is that of the i-th command. Exactly one of
 * `integers` and `offsets` is given. All arrays are borrowed. */
typedef struct tl_input_column {
  uint32_t struct_size;
  int32_t unit;            /* TL_UNIT_ */
  tl_text name;            /* of the member: see tl_batch_add_columns */
  int64_t rows;            /* as many as there are commands, or 1: the same for each of them */
  const int64_t *integers; /* [rows] */
  const int64_t *offsets;  /* [rows + 1], ascending: text i is bytes[offsets[i] ... offsets[i+1]) */
  const char *bytes;       /* [bytes_size], UTF-8 */
  int64_t bytes_size;
  const uint8_t *given; /* [rows], 0: not given; NULL: all are. An empty text is not given. */
} tl_input_column;

/** Adds `rows` commands of one kind whose members are columns: the quick way in from scripting
 * languages. A column is named after the member of the fact (docs/fact-format.md):
 *   "lead", "account", "actor" ...     integers: ids; text: "system:key", or the id in digits
 *   "stage", "reason", "kind" ...      text
 *   "attributes.industry"              text; the name of the attribute is behind the dot
 *   "external_ids", "domains", "leads" one item a row; name the column again for a second item
 *   "amount"                           text: "1234.50 EUR"
 *   "return_on", "close_date" ...      integers: days since 1970-01-01; text: ISO 8601
 *   "response", "follow_up", "retired" integers 0 and 1; text: "true", "false"
 *   "type", "side", "direction" ...    text; integers: the TL_ value
 *   "touch", "event"                   integers: tl_event.id; text: "seq:ordinal" or a fact key
 * and of the context "at" (integers: tl_time, or days with TL_UNIT_DAYS; text: ISO 8601), "actor",
 * "request_id", "expected_version", "mode", "entered_at", "key".
 * `field` of an error is "columns[j]", or the member and the row, as in "stage[17]".
 * @param command TL_COMMAND_.
 * @param rows    0 ... 100,000,000.
 * @param columns [column_count], borrowed.
 * Contract: BATCH. */
TL_API tl_status tl_batch_add_columns(tl_batch *batch, int32_t command, int64_t rows,
                                      const tl_input_column *columns, int64_t column_count,
                                      tl_error *error) TL_NOEXCEPT;

/** Puts a batch that was added in `parts` parts of the same length, one after the other, into
 * another order: the first command of each part, then the second of each, and so on. What is done
 * to one record, one thing after the other, then stands together, and its rows are read and written
 * once. `field` of an error is "parts".
 * @param parts 1 or more; divides the number of commands.
 * Contract: BATCH. */
TL_API tl_status tl_batch_interleave(tl_batch *batch, int64_t parts, tl_error *error) TL_NOEXCEPT;

/** How many commands it holds; 0 for NULL. Contract: QUERY. */
TL_API int64_t tl_batch_count(const tl_batch *batch) TL_NOEXCEPT;

/** A command as a line of JSON, as tl_batch_add_json takes it.
 * @param out_json owned.
 * Returns: TL_OK; TL_OUT_OF_RANGE.
 * Thread-safety: one thread at a time for a batch.   Re-entrancy: not from callbacks.
 * Since: 0.1 */
TL_API tl_status tl_batch_json(const tl_batch *batch, int64_t index, tl_string **out_json,
                               tl_error *error) TL_NOEXCEPT;

/** Empties a batch and keeps its memory. Contract: BATCH. */
TL_API tl_status tl_batch_clear(tl_batch *batch, tl_error *error) TL_NOEXCEPT;

/** Frees a batch. Contract: FREE. */
TL_API void tl_batch_free(tl_batch *batch) TL_NOEXCEPT;

/** Carries out all commands of a batch (1 ... TL_MAX_COMMANDS) in one commit, or none: they must
 * concern one account; later ones see what earlier ones did. The context is that of all: those in
 * the batch do not count. The first refusal is returned, its `field` prefixed with "commands[i].";
 * the receipt names the first entity opened.
 * @param batch borrowed.
 * Contract: COMMAND. */
TL_API tl_status tl_execute_atomic(tl_ledger *ledger, const tl_batch *batch,
                                   const tl_context *context, tl_receipt *out_receipt,
                                   tl_error *error) TL_NOEXCEPT;

/* What became of each command of a tl_execute_all. Free: tl_outcomes_free. */
typedef struct tl_outcomes tl_outcomes;

/** Carries out the commands first ... first + count - 1 of a batch, each on its own, in order, in
 * as few transactions as possible. All are durable when the call returns. It is quickest if
 * commands that concern one account stand together (tl_batch_interleave).
 * @param batch        borrowed.
 * @param count        0 ... TL_MAX_COMMANDS; a longer batch is executed in slices.
 * @param out_outcomes owned.
 * Returns: TL_OK, also when commands were refused: see the outcomes; else the machinery failed:
 * TL_PERMISSION_DENIED: opened read_only; TL_UNAVAILABLE: outcomes unknown, repeat the slice, with
 * request ids so that nothing happens twice; TL_RESOURCE_EXHAUSTED, TL_DATA_LOSS: the store.
 * Thread-safety: any thread; one at a time for the batch.   Re-entrancy: not from callbacks.
 * Since: 0.1 */
TL_API tl_status tl_execute_all(tl_ledger *ledger, const tl_batch *batch, int64_t first,
                                int64_t count, tl_outcomes **out_outcomes,
                                tl_error *error) TL_NOEXCEPT;

/* All outcomes as columns: views, [count] each. */
typedef struct tl_outcome_columns {
  uint32_t struct_size;
  int32_t reserved;
  int64_t count;
  int64_t accepted;          /* how many were */
  const tl_status *statuses; /* TL_OK: accepted */
  const int64_t *ids;        /* tl_receipt.id; 0 where refused, here and below */
  const int64_t *seqs;
  const int64_t *accounts;
  const int64_t *versions;
} tl_outcome_columns;

/** Gives all outcomes as columns. Contract: VIEW. */
TL_API tl_status tl_outcomes_columns(const tl_outcomes *outcomes, tl_outcome_columns *out_columns,
                                     tl_error *error) TL_NOEXCEPT;

/** The outcome of one command: returns its status, with its receipt or its error.
 * @param out_receipt the caller's; may be NULL.
 * Returns: what tl_execute would have returned; TL_OUT_OF_RANGE for a bad index, which is no
 * outcome's status.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_outcomes_at(const tl_outcomes *outcomes, int64_t index, tl_receipt *out_receipt,
                                tl_error *error) TL_NOEXCEPT;

/** Frees outcomes. Contract: FREE. */
TL_API void tl_outcomes_free(tl_outcomes *outcomes) TL_NOEXCEPT;

/* --- Records. --------------------------------------------------------------------------------- */

/* What a read found: records of any kinds, copied; it keeps nothing of the ledger. Records of each
 * kind are numbered from 0, in the order that the read promises. Free: tl_records_free. */
typedef struct tl_records tl_records;

/* Kinds of records. */
enum {
  TL_RECORD_ACCOUNT = 1,
  TL_RECORD_CONTACT = 2,
  TL_RECORD_PROFILE = 3, /* of a contact */
  TL_RECORD_LEAD = 4,
  TL_RECORD_OPPORTUNITY = 5,
  TL_RECORD_OWNER = 6,
  TL_RECORD_CAMPAIGN = 7,
  TL_RECORD_DOMAIN = 8,      /* of an account */
  TL_RECORD_EXTERNAL_ID = 9, /* of the record that was asked for */
  TL_RECORD_OPPORTUNITY_LEAD = 10,
  TL_RECORD_OPPORTUNITY_ROLE = 11
};

/** @contract READ: reads one consistent state, and waits for no writer.
 * @param ledger      borrowed.
 * @param out_records owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: malformed, or a reference that names nothing; TL_NOT_FOUND:
 * no such record; TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED, TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Reads an account: one TL_RECORD_ACCOUNT. Contract: READ. */
TL_API tl_status tl_account_get(tl_ledger *ledger, const tl_ref *account, tl_records **out_records,
                                tl_error *error) TL_NOEXCEPT;

/** Reads a person, without personal data: one TL_RECORD_CONTACT. Contract: READ. */
TL_API tl_status tl_contact_get(tl_ledger *ledger, const tl_ref *contact, tl_records **out_records,
                                tl_error *error) TL_NOEXCEPT;

/** Reads what is known of a person now: one TL_RECORD_PROFILE. Contract: READ. */
TL_API tl_status tl_contact_profile(tl_ledger *ledger, const tl_ref *contact,
                                    tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** Reads a lead: one TL_RECORD_LEAD. Contract: READ. */
TL_API tl_status tl_lead_get(tl_ledger *ledger, const tl_ref *lead, tl_records **out_records,
                             tl_error *error) TL_NOEXCEPT;

/** Reads an opportunity: one TL_RECORD_OPPORTUNITY. Contract: READ. */
TL_API tl_status tl_opportunity_get(tl_ledger *ledger, const tl_ref *opportunity,
                                    tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** Reads an owner: one TL_RECORD_OWNER. Contract: READ. */
TL_API tl_status tl_owner_get(tl_ledger *ledger, const tl_ref *owner, tl_records **out_records,
                              tl_error *error) TL_NOEXCEPT;

/** Reads a campaign: one TL_RECORD_CAMPAIGN. Contract: READ. */
TL_API tl_status tl_campaign_get(tl_ledger *ledger, const tl_ref *campaign,
                                 tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** Finds people by their current email address, in any case: TL_RECORD_CONTACT by id, or none.
 * @param email borrowed.
 * Contract: READ. */
TL_API tl_status tl_contacts_by_email(tl_ledger *ledger, const char *email, size_t email_size,
                                      tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** Finds accounts by a domain, as "acme.com", also from "www.Acme.com.": TL_RECORD_ACCOUNT by id,
 * or none: those that have it themselves, where tl_match goes by what was registered.
 * @param domain borrowed.
 * Contract: READ. */
TL_API tl_status tl_accounts_by_domain(tl_ledger *ledger, const char *domain, size_t domain_size,
                                       tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** Reads the ids that a record has in other systems: TL_RECORD_EXTERNAL_ID, or none.
 * @param entity TL_ENTITY_.
 * Contract: READ. */
TL_API tl_status tl_external_ids_get(tl_ledger *ledger, int32_t entity, int64_t id,
                                     tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/* What to list: all conditions must hold. NULL, and what is zero, asks for nothing. The order is
 * that of ids or, if `due_from` or `due_to` is given, that of due dates and then ids. */
typedef struct tl_filter {
  uint32_t struct_size;
  int32_t phase; /* TL_PHASE_ */
  tl_text stage; /* key */
  int64_t owner;
  int64_t account;  /* it alone, not those merged with it */
  tl_text source;   /* channel of the original source; not NULL but empty: none known */
  tl_date due_from; /* leads: return date; opportunities: expected close date */
  tl_date due_to;   /* inclusive */
} tl_filter;

/* Which part of a long answer. A cursor stays good across commits and restarts. */
typedef struct tl_page {
  uint32_t struct_size;
  int32_t reserved;
  int64_t size;   /* 1 ... 10,000; 0: 100 */
  tl_text cursor; /* from the page before; empty: the first page */
} tl_page;

/** Lists leads: a page of TL_RECORD_LEAD.
 * @param filter borrowed; NULL: all.
 * @param page   borrowed; NULL: the first 100.
 * Contract: READ. */
TL_API tl_status tl_lead_list(tl_ledger *ledger, const tl_filter *filter, const tl_page *page,
                              tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** Lists opportunities: a page of TL_RECORD_OPPORTUNITY.
 * @param filter borrowed; NULL: all.
 * @param page   borrowed; NULL: the first 100.
 * Contract: READ. */
TL_API tl_status tl_opportunity_list(tl_ledger *ledger, const tl_filter *filter,
                                     const tl_page *page, tl_records **out_records,
                                     tl_error *error) TL_NOEXCEPT;

/* Which history a read takes: what happened by `through`, as far as it was known by `known_at`.
 * NULL, or what is not given: everything. */
typedef struct tl_as_of {
  uint32_t struct_size;
  int32_t reserved;
  tl_optional through;  /* tl_time */
  tl_optional known_at; /* tl_time; capped at the last commit that counts */
  tl_optional seq;      /* commits after this one do not count; 0: before the first */
} tl_as_of;

/* What an answer was made from: asked for again with these three, it is the same for ever. */
typedef struct tl_as_of_answer {
  tl_time through;
  tl_time known_at;
  int64_t seq;
} tl_as_of_answer;

/** Reads an account with all that belongs to it, as of a time: TL_RECORD_ACCOUNT, at 0
 * as it is shown, behind it those that are merged with it as they are by themselves; and
 * TL_RECORD_DOMAIN, _CONTACT, _LEAD, _OPPORTUNITY, _OPPORTUNITY_LEAD, _OPPORTUNITY_ROLE.
 * tl_records_info says as of when.
 * @param as_of borrowed; NULL: everything.
 * Contract: READ. */
TL_API tl_status tl_account_state(tl_ledger *ledger, const tl_ref *account, const tl_as_of *as_of,
                                  tl_records **out_records, tl_error *error) TL_NOEXCEPT;

/** How many records of a kind, TL_RECORD_, there are; 0 for NULL or an unknown kind.
 * Contract: QUERY. */
TL_API int64_t tl_records_count(const tl_records *records, int32_t kind) TL_NOEXCEPT;

/* What records are a part of. */
typedef struct tl_records_info {
  uint32_t struct_size;
  int32_t reserved;
  tl_text next_cursor;   /* for tl_page.cursor; empty: there are no more */
  tl_as_of_answer as_of; /* of tl_account_state; else zeros */
} tl_records_info;

/** Says what the records are a part of. Contract: VIEW. */
TL_API tl_status tl_records_get_info(const tl_records *records, tl_records_info *out_info,
                                     tl_error *error) TL_NOEXCEPT;

/* Where something came from: the touch, and what it says. */
typedef struct tl_source {
  int64_t touch; /* event id; 0: no touch is known, the record itself claimed the channel */
  tl_time at;
  tl_text channel;
  int64_t campaign;
} tl_source;

/* How a record stands to the past of its account; decided when it opens. */
typedef struct tl_lineage {
  int32_t link; /* TL_LINK_ */
  int32_t reserved;
  int64_t previous_lead; /* the record linked to: at most one of the two */
  int64_t previous_opportunity;
  int64_t episode;    /* 1, 2, 3 ... within the account */
  tl_source original; /* of the chain of episodes */
  tl_source latest;   /* of this record: what opened it or brought it back */
} tl_lineage;

/* An account. */
typedef struct tl_account_record {
  uint32_t struct_size;
  int32_t first_day; /* 1: of `first.at` only the day is known */
  int64_t account;
  int64_t version; /* of its stream: for tl_context.expected_version */
  tl_text name;
  tl_time opened_at;
  int64_t episodes;
  int64_t touches;
  tl_source first; /* the first touch ever */
  tl_optional last_touch_at;
  tl_optional last_opened_at; /* of its leads and opportunities */
  int64_t merged_into;        /* it is an alias of that account; 0: of none */
  int64_t aliases;            /* accounts merged into it, directly */
  tl_attributes attributes;
} tl_account_record;

/** Gives an account. Contract: VIEW. */
TL_API tl_status tl_records_account(const tl_records *records, int64_t index,
                                    tl_account_record *out_account, tl_error *error) TL_NOEXCEPT;

/* A person, without personal data. */
typedef struct tl_contact_record {
  uint32_t struct_size;
  int32_t reserved;
  int64_t contact;
  int64_t account;
  int64_t revision; /* of the profile */
  tl_time added_at;
  int64_t merged_into;   /* it is an alias of that contact; 0: of none */
  int64_t aliases;       /* contacts merged into it, directly */
  tl_optional erased_at; /* given: nothing personal is left of them */
} tl_contact_record;

/** Gives a person. Contract: VIEW. */
TL_API tl_status tl_records_contact(const tl_records *records, int64_t index,
                                    tl_contact_record *out_contact, tl_error *error) TL_NOEXCEPT;

/* Personal data. */
typedef struct tl_profile_record {
  uint32_t struct_size;
  int32_t reserved;
  int64_t contact;
  int64_t revision;
  tl_text name;
  tl_text email;
  tl_text phone;
  tl_text title;
  tl_attributes attributes;
} tl_profile_record;

/** Gives what is known of a person. Contract: VIEW. */
TL_API tl_status tl_records_profile(const tl_records *records, int64_t index,
                                    tl_profile_record *out_profile, tl_error *error) TL_NOEXCEPT;

/* A lead. */
typedef struct tl_lead_record {
  uint32_t struct_size;
  int32_t phase; /* TL_PHASE_ */
  int64_t lead;
  int64_t account;
  int64_t contact;
  int64_t owner;
  tl_text type;
  int64_t stage; /* id: tl_policy_stage_by_id has its key */
  int32_t kind;  /* TL_STAGE_ */
  int32_t reserved;
  tl_time stage_since;
  tl_time opened_at;
  tl_optional handed_off_at;
  tl_optional followed_up_at; /* the first follow-up after the hand-off */
  tl_optional closed_at;      /* while closed */
  tl_text reason;             /* of the last stage change */
  tl_date return_on;          /* while parked */
  int64_t open_stage;         /* the last open or parked one it was in */
  int64_t opportunity;        /* converted into */
  tl_text source;             /* as claimed */
  tl_lineage lineage;
  tl_attributes attributes;
} tl_lead_record;

/** Gives a lead. Contract: VIEW. */
TL_API tl_status tl_records_lead(const tl_records *records, int64_t index, tl_lead_record *out_lead,
                                 tl_error *error) TL_NOEXCEPT;

/* An opportunity. */
typedef struct tl_opportunity_record {
  uint32_t struct_size;
  int32_t phase; /* TL_PHASE_ */
  int64_t opportunity;
  int64_t account;
  int64_t owner;
  int32_t type; /* TL_OPPORTUNITY_TYPE_ */
  int32_t kind; /* TL_STAGE_ */
  tl_text name;
  int64_t stage; /* id */
  tl_time stage_since;
  tl_time opened_at;
  tl_optional closed_at;
  tl_text reason;
  tl_date return_on;
  int64_t open_stage;
  tl_money amount;    /* not given: unknown */
  tl_date close_date; /* expected */
  tl_money booked;
  tl_date booked_on;
  tl_text order_id;
  tl_text source;
  tl_lineage lineage;
  tl_attributes attributes;
} tl_opportunity_record;

/** Gives an opportunity. Contract: VIEW. */
TL_API tl_status tl_records_opportunity(const tl_records *records, int64_t index,
                                        tl_opportunity_record *out_opportunity,
                                        tl_error *error) TL_NOEXCEPT;

/* An owner. */
typedef struct tl_owner_record {
  uint32_t struct_size;
  int32_t kind; /* TL_OWNER_ */
  int64_t owner;
  int64_t version; /* 1, 2, 3 ... with each definition */
  tl_text name;
  int64_t team;
  int32_t side; /* TL_SIDE_ */
  int32_t retired;
} tl_owner_record;

/** Gives an owner. Contract: VIEW. */
TL_API tl_status tl_records_owner(const tl_records *records, int64_t index,
                                  tl_owner_record *out_owner, tl_error *error) TL_NOEXCEPT;

/* A campaign. */
typedef struct tl_campaign_record {
  uint32_t struct_size;
  int32_t reserved;
  int64_t campaign;
  int64_t version;
  tl_text name;
  tl_text channel;
  int64_t parent;
  tl_date starts_on;
  tl_date ends_on;
} tl_campaign_record;

/** Gives a campaign. Contract: VIEW. */
TL_API tl_status tl_records_campaign(const tl_records *records, int64_t index,
                                     tl_campaign_record *out_campaign, tl_error *error) TL_NOEXCEPT;

/** Gives a domain of the account. Contract: VIEW. */
TL_API tl_status tl_records_domain(const tl_records *records, int64_t index, tl_text *out_domain,
                                   tl_error *error) TL_NOEXCEPT;

/** Gives an id in another system. Contract: VIEW. */
TL_API tl_status tl_records_external_id(const tl_records *records, int64_t index,
                                        tl_external_id *out_id, tl_error *error) TL_NOEXCEPT;

/** Gives an opportunity and one of the leads it came from. Contract: VIEW. */
TL_API tl_status tl_records_opportunity_lead(const tl_records *records, int64_t index,
                                             int64_t *out_opportunity, int64_t *out_lead,
                                             tl_error *error) TL_NOEXCEPT;

/** Gives the part that a person plays in an opportunity. Contract: VIEW. */
TL_API tl_status tl_records_opportunity_role(const tl_records *records, int64_t index,
                                             int64_t *out_opportunity, int64_t *out_contact,
                                             tl_text *out_role, tl_error *error) TL_NOEXCEPT;

/** Frees records. Contract: FREE. */
TL_API void tl_records_free(tl_records *records) TL_NOEXCEPT;

/** Reads the text of a note.
 * @param ledger   borrowed.
 * @param out_text owned.
 * Returns: TL_OK; TL_NOT_FOUND: no such note, or it was erased; TL_UNAVAILABLE, TL_DATA_LOSS.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_note_text(tl_ledger *ledger, int64_t note, tl_string **out_text,
                              tl_error *error) TL_NOEXCEPT;

/** Gives everything that the ledger knows of a person, as JSON (docs/erasure.md).
 * @param ledger   borrowed.
 * @param contact  borrowed.
 * @param out_json owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT; TL_NOT_FOUND: no such person; TL_UNAVAILABLE, TL_DATA_LOSS.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_person_export(tl_ledger *ledger, const tl_ref *contact, tl_string **out_json,
                                  tl_error *error) TL_NOEXCEPT;

/* --- History, the change feed. ---------------------------------------------------------------- */

/* Numbers of events. Never changed or used again. */
enum {
  TL_EVENT_UNKNOWN = 0, /* written by a later version */
  TL_EVENT_ACCOUNT_OPENED = 16,
  TL_EVENT_ACCOUNT_UPDATED = 17,
  TL_EVENT_CONTACT_ADDED = 18,
  TL_EVENT_CONTACT_UPDATED = 19,
  TL_EVENT_CONTACT_MOVED = 20,
  TL_EVENT_TOUCH_RECORDED = 21,
  TL_EVENT_TOUCH_RETRACTED = 22,
  TL_EVENT_LEAD_OPENED = 23,
  TL_EVENT_LEAD_MOVED = 24,
  TL_EVENT_LEAD_ASSIGNED = 25,
  TL_EVENT_LEAD_HANDED_OFF = 26,
  TL_EVENT_LEAD_RELINKED = 27,
  TL_EVENT_OPPORTUNITY_OPENED = 28,
  TL_EVENT_OPPORTUNITY_MOVED = 29,
  TL_EVENT_OPPORTUNITY_VALUED = 30,
  TL_EVENT_OPPORTUNITY_ASSIGNED = 31,
  TL_EVENT_OPPORTUNITY_ROLE_SET = 32,
  TL_EVENT_OPPORTUNITY_BOOKED = 33,
  TL_EVENT_OPPORTUNITY_LINKED = 34,
  TL_EVENT_OPPORTUNITY_RELINKED = 35,
  TL_EVENT_NOTE_ADDED = 36,
  TL_EVENT_AMENDED = 37,
  TL_EVENT_VOIDED = 38,
  TL_EVENT_MATCHED = 39,
  TL_EVENT_REVIEW_OPENED = 40,
  TL_EVENT_ACCOUNTS_DISTINCT = 41,
  TL_EVENT_ACCOUNT_MERGED = 42,
  TL_EVENT_ACCOUNT_UNMERGED = 43,
  TL_EVENT_CONTACT_MERGED = 44,
  TL_EVENT_CONTACT_UNMERGED = 45,
  TL_EVENT_CONTACT_ERASED = 48,
  TL_EVENT_POLICY_SET = 64,
  TL_EVENT_OWNER_DEFINED = 65,
  TL_EVENT_CAMPAIGN_DEFINED = 66,
  TL_EVENT_CAMPAIGN_COST_SET = 67,
  TL_EVENT_EXCHANGE_RATE_SET = 68
};

/* A list of events, copied; it keeps nothing of the ledger. Free: tl_events_free. */
typedef struct tl_events tl_events;

/* A stage as it was when the event was decided. */
typedef struct tl_stage_ref {
  int64_t id;    /* 0: none */
  tl_text key;   /* as the policy in force has it */
  int32_t phase; /* TL_PHASE_ */
  int32_t kind;  /* TL_STAGE_ */
} tl_stage_ref;

/* One accepted fact, with its commit's head. What most programs ask an event for has a field here,
 * zero or empty in events that do not say it; tl_events_json has all that it says. */
typedef struct tl_event {
  uint32_t struct_size;
  int32_t kind;         /* TL_EVENT_ */
  int64_t id;           /* seq << 20 | place in the commit */
  int64_t seq;          /* of its commit */
  int64_t account;      /* whose stream it is in; 0: what belongs to no company */
  int64_t version;      /* of the account, after the commit */
  tl_time occurred_at;  /* when it happened; in a timeline as amended */
  tl_time recorded_at;  /* when it was written */
  tl_time known_at;     /* since when it counts as known */
  int32_t occurred_day; /* 1: only the day is known */
  uint32_t breaches;    /* bits 1 << TL_BREACH_ */
  int64_t actor;        /* owner; 0: the system */
  int64_t policy;       /* version that decided; 0 in a timeline */
  tl_text request_id;   /* empty in a timeline */
  uint64_t fact_key;    /* hash of the key it was imported with; 0: not imported */
  int32_t voided;       /* in a timeline: it never happened */
  int32_t amended;      /* in a timeline: another date or content in place */
  int64_t contact;      /* what it is about, here and below */
  int64_t lead;
  int64_t opportunity;
  int64_t campaign;
  int64_t owner;
  int64_t note;
  int64_t event;        /* the event that this one retracts, amends or voids */
  int64_t from_account; /* of a contact that moved */
  int64_t to_account;   /* of one, and of a merge or its undoing: whose name shows */
  int64_t merged;       /* of a merge or its undoing: the account or contact that is the alias */
  tl_stage_ref from;    /* of a stage change */
  tl_stage_ref to;      /* of a stage change; of an opening the first stage */
  tl_text reason;
  tl_text channel;
  tl_text touch_kind;
  int32_t side;      /* of a touch: TL_SIDE_ */
  int32_t direction; /* of a touch: TL_DIRECTION_ */
  int32_t response;  /* of a touch */
  int32_t follow_up; /* of a touch */
  tl_money amount;
  tl_date return_on;
  int32_t match_rule;     /* of matched and review_opened: TL_MATCH_ */
  int32_t opened_account; /* of matched: 1: an account_opened follows that was needed for it */
  int32_t opened_contact; /* of matched: 1: a contact_added follows that was needed for it */
  int32_t reserved;       /* 0 */
  tl_text match_value;    /* of matched: the value that was found: a domain, a company's name or its
                           * id; empty: nobody was found, or by what is personal */
  int64_t match_candidates; /* of matched: how many accounts the value is of */
  int64_t other_account;    /* of review_opened and accounts_distinct: the other of the pair */
  tl_text role;             /* of a person in an opportunity; empty: they have none any more */
  const int64_t *crossing;  /* [crossing_count] of the undoing of a merge: events of one side that
                             * name records of the other, and stay; NULL: none */
  int64_t crossing_count;
  tl_lineage lineage; /* of an opening or a relinking of a lead or an opportunity */
} tl_event;

/* Which part of a timeline. */
typedef struct tl_timeline_options {
  uint32_t struct_size;
  int32_t newest_first;
  tl_optional through;  /* tl_time */
  tl_optional known_at; /* tl_time */
  tl_optional seq;      /* as in tl_as_of */
  int64_t page_size;    /* 1 ... 10,000; 0: 100 */
  tl_text cursor;       /* from the page before; empty: the first page */
} tl_timeline_options;

/** @contract EVENTS: reads one consistent state, and waits for no writer.
 * @param ledger     borrowed.
 * @param out_events owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: malformed; TL_NOT_FOUND: no such record; TL_UNAVAILABLE,
 * TL_RESOURCE_EXHAUSTED, TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Reads a page of an account's history: its events with their current standing, in the order in
 * which things happened.
 * @param account borrowed.
 * @param options borrowed; NULL: the first 100.
 * Contract: EVENTS. */
TL_API tl_status tl_account_timeline(tl_ledger *ledger, const tl_ref *account,
                                     const tl_timeline_options *options, tl_events **out_events,
                                     tl_error *error) TL_NOEXCEPT;

/** Tells the whole line of a deal: the touches of its account, and the lives of the leads and
 * opportunities that led to it, up to its close, in the order in which things happened; and in one
 * sentence. tl_events_link says of each event what brought it in. What is void is left out.
 * @param opportunity  borrowed.
 * @param as_of        borrowed; NULL: everything. TL_NOT_FOUND if it was not known then.
 * @param out_sentence owned; may be NULL.
 * Contract: EVENTS. */
TL_API tl_status tl_opportunity_trace(tl_ledger *ledger, const tl_ref *opportunity,
                                      const tl_as_of *as_of, tl_events **out_events,
                                      tl_string **out_sentence, tl_error *error) TL_NOEXCEPT;

/** The same of a lead, up to its close or its conversion. Contract: EVENTS. */
TL_API tl_status tl_lead_trace(tl_ledger *ledger, const tl_ref *lead, const tl_as_of *as_of,
                               tl_events **out_events, tl_string **out_sentence,
                               tl_error *error) TL_NOEXCEPT;

/** The change feed: the events of the commits with seq > after, oldest first, of at most `limit`
 * commits. Go on with the seq of the last event. Once a seq was seen, nothing before it appears.
 * @param after 0: from the beginning.
 * @param limit 1 ... 10,000.
 * Contract: EVENTS. */
TL_API tl_status tl_feed_read(tl_ledger *ledger, int64_t after, int64_t limit,
                              tl_events **out_events, tl_error *error) TL_NOEXCEPT;

/** Waits until there is a commit with seq > after, of this or another process, whose commits are
 * noticed within 50 ms.
 * @param ledger     borrowed.
 * @param timeout_us at most a year; 0 or less: looks once.
 * @param out_seq    the newest seq, or `after` once the time is up.
 * Returns: TL_OK, also when the time is up; TL_UNAVAILABLE, TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_feed_wait(tl_ledger *ledger, int64_t after, int64_t timeout_us,
                              int64_t *out_seq, tl_error *error) TL_NOEXCEPT;

/** Tells the seq of the newest commit after each transaction of this ledger object. Called by the
 * thread that committed, before its callers are answered, by one thread at a time. */
typedef void (*tl_commit_fn)(void *payload, int64_t seq);

/* A callback that is called after commits. Keeps the ledger. Free: tl_subscription_free. */
typedef struct tl_subscription tl_subscription;

/** Calls `callback` after each transaction of this ledger object.
 * @param ledger           borrowed; kept by the subscription.
 * @param destroy          called with `payload` when the subscription has been freed and the
 *                         callback runs no more; may be NULL. On failure the payload stays the
 *                         caller's.
 * @param out_subscription owned.
 * Returns: TL_OK.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_feed_subscribe(tl_ledger *ledger, tl_commit_fn callback, void *payload,
                                   tl_destroy_fn destroy, tl_subscription **out_subscription,
                                   tl_error *error) TL_NOEXCEPT;

/** Ends a subscription: after it the callback is not called, nor still running, unless it is the
 * callback itself that ends it. Contract: FREE. */
TL_API void tl_subscription_free(tl_subscription *subscription) TL_NOEXCEPT;

/** How many events there are; 0 for NULL. Contract: QUERY. */
TL_API int64_t tl_events_count(const tl_events *events) TL_NOEXCEPT;

/** Gives an event. Contract: VIEW. */
TL_API tl_status tl_events_at(const tl_events *events, int64_t index, tl_event *out_event,
                              tl_error *error) TL_NOEXCEPT;

/* What the person of a step is to the line of a trace. */
enum {
  TL_ACQUAINTANCE_NONE = 0,  /* nobody is known */
  TL_ACQUAINTANCE_FIRST = 1, /* the first person of the line */
  TL_ACQUAINTANCE_SAME = 2,  /* was in the line before */
  TL_ACQUAINTANCE_OTHER = 3  /* comes in with this step, from the same company */
};

/* What brought an event into the line of a trace. */
typedef struct tl_trace_link {
  uint32_t struct_size;
  int32_t acquaintance; /* TL_ACQUAINTANCE_ */
  int64_t lead;         /* the record of the line that the event is about; both 0: a touch of the */
  int64_t opportunity;  /* account that names none */
  int64_t owner; /* of that record, after the event; of a touch, who acted for us; 0: nobody */
  int64_t silent_days; /* whole days since the event before */
  int64_t closed_by; /* id of the newest closing, while all the line's records were closed; or 0 */
  int64_t days_closed; /* whole days since then */
} tl_trace_link;

/** Says what brought an event of a trace into its line; of other events all is 0. Contract: VIEW.
 */
TL_API tl_status tl_events_link(const tl_events *events, int64_t index, tl_trace_link *out_link,
                                tl_error *error) TL_NOEXCEPT;

/* What a list of events is a part of. */
typedef struct tl_events_info {
  uint32_t struct_size;
  int32_t reserved;
  tl_text next_cursor;   /* for tl_timeline_options.cursor; empty: there are no more. It reads on in
                            the same history: what is recorded in between is in no page */
  tl_as_of_answer as_of; /* of a timeline or a trace; else zeros */
} tl_events_info;

/** Says what the events are a part of. Contract: VIEW. */
TL_API tl_status tl_events_get_info(const tl_events *events, tl_events_info *out_info,
                                    tl_error *error) TL_NOEXCEPT;

enum { TL_ALL = -1 };

/** Writes an event, or all of them (TL_ALL), as JSON, one object a line:
 * {"id": "seq:ordinal", "seq", "account", "version", "event": "lead_moved", "at", "recorded_at",
 * "known_at", "entered_at", "actor", "policy", "request", "fact", "breaches", "voided", "amended",
 * "link" of a trace, "data": {...}}; members that do not apply are left out, "data" is as
 * docs/journal.proto has it.
 * @param events   borrowed.
 * @param out_json owned.
 * Returns: TL_OK; TL_OUT_OF_RANGE.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_events_json(const tl_events *events, int64_t index, tl_string **out_json,
                                tl_error *error) TL_NOEXCEPT;

/** Frees events. Contract: FREE. */
TL_API void tl_events_free(tl_events *events) TL_NOEXCEPT;

/* --- Policy. ---------------------------------------------------------------------------------- */

/* One version of the lifecycle as data: stages, moves, reasons, windows; docs/policy.md. It does
 * not change and keeps nothing of the ledger. Free: tl_policy_free. */
typedef struct tl_policy tl_policy;

/** Gives the policy in force.
 * @param ledger     borrowed.
 * @param out_policy owned.
 * Returns: TL_OK; TL_UNAVAILABLE, TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_current(tl_ledger *ledger, tl_policy **out_policy,
                                   tl_error *error) TL_NOEXCEPT;

/** Reads the text of a policy file, and so checks it.
 * @param json       borrowed; NULL with size 0: the built-in policy.
 * @param out_policy owned; its version is 0. May be NULL: the text is only checked.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: `field` is the path of the first fault.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_parse(const char *json, size_t json_size, tl_policy **out_policy,
                                 tl_error *error) TL_NOEXCEPT;

/** Checks whether `next` may come after `policy`: no stage that was ever used may vanish, or change
 * its phase or kind.
 * @param policy borrowed.
 * @param next   borrowed.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: `field` names the stage.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_check_successor(const tl_policy *policy, const tl_policy *next,
                                           tl_error *error) TL_NOEXCEPT;

/* What a policy says, but for its stages. */
typedef struct tl_policy_info {
  uint32_t struct_size;
  int32_t fiscal_year_start_month; /* 1 ... 12 */
  int64_t version;                 /* 1, 2, 3 ... in its ledger; 0: not from a ledger */
  tl_text name;
  tl_text json; /* as it was given */
  int64_t stage_count;
  int64_t reengagement_window_days;
  int64_t sourcing_window_days;
  tl_text time_zone; /* IANA name, for days and quarters */
} tl_policy_info;

/** Says what the policy is, but for its stages. Contract: VIEW. */
TL_API tl_status tl_policy_get_info(const tl_policy *policy, tl_policy_info *out_info,
                                    tl_error *error) TL_NOEXCEPT;

/* What entering a stage takes; sets are bits, 1 << value. */
enum {
  TL_REQUIRES_REASON = 0,
  TL_REQUIRES_RETURN_DATE = 1,
  TL_REQUIRES_AMOUNT = 2,
  TL_REQUIRES_OWNER = 3,
  TL_REQUIRES_CONTACT = 4
};

/* A stage of the policy. */
typedef struct tl_stage {
  uint32_t struct_size;
  int32_t phase; /* TL_PHASE_ */
  int64_t id;    /* never used for another stage */
  tl_text key;
  tl_text name;
  int32_t kind;          /* TL_STAGE_ */
  uint32_t requirements; /* bits 1 << TL_REQUIRES_ */
  tl_texts reasons;      /* allowed ones; none: any key */
  tl_texts aliases;      /* other systems' names for it */
  int32_t retired;       /* 1: may be left, not entered */
  int32_t reserved;
} tl_stage;

/** Gives a stage by its place in the policy. Contract: VIEW. */
TL_API tl_status tl_policy_stage(const tl_policy *policy, int64_t index, tl_stage *out_stage,
                                 tl_error *error) TL_NOEXCEPT;

/** Gives a stage by its id.
 * Returns: TL_OK; TL_NOT_FOUND.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_stage_by_id(const tl_policy *policy, int64_t id, tl_stage *out_stage,
                                       tl_error *error) TL_NOEXCEPT;

/** Gives a stage by its key, or else by its name or an alias in any case.
 * @param key borrowed.
 * Returns: TL_OK; TL_NOT_FOUND.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_stage_by_key(const tl_policy *policy, const char *key, size_t key_size,
                                        tl_stage *out_stage, tl_error *error) TL_NOEXCEPT;

/** Says whether a live command may go from one stage to another, both by id.
 * @param out_allowed 1 or 0.
 * Returns: TL_OK; TL_NOT_FOUND: no such stage.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_allows(const tl_policy *policy, int64_t from, int64_t to,
                                  int32_t *out_allowed, tl_error *error) TL_NOEXCEPT;

/* A kind of touch, and what it means unless a touch says otherwise. */
typedef struct tl_touch_kind {
  uint32_t struct_size;
  int32_t side; /* TL_SIDE_ */
  tl_text key;
  int32_t direction; /* TL_DIRECTION_ */
  int32_t response;
  int32_t follow_up;
  int32_t reserved;
} tl_touch_kind;

/** Gives a kind of touch.
 * @param key borrowed.
 * Returns: TL_OK; TL_NOT_FOUND.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_policy_touch_kind(const tl_policy *policy, const char *key, size_t key_size,
                                      tl_touch_kind *out_kind, tl_error *error) TL_NOEXCEPT;

/** Frees a policy. Contract: FREE. */
TL_API void tl_policy_free(tl_policy *policy) TL_NOEXCEPT;

/* --- Import. ---------------------------------------------------------------------------------- */

/** Tells how far a long call is: what is done of all (0: unknown). An import: bytes read, then
 * facts written; an export: commits, or tables; a restoring: bytes read, then once "deriving".
 * Called by the calling thread. TL_OK goes on; anything else ends the call, which then returns
 * TL_CANCELLED. `step` is a view for the call. */
typedef tl_status (*tl_progress_fn)(void *payload, const char *step, size_t step_size, int64_t done,
                                    int64_t total);

/* How an import is to be done. */
typedef struct tl_import_options {
  uint32_t struct_size;
  int32_t mode;                /* TL_MODE_ of facts that do not say their own; default: observe */
  tl_text rejects_path;        /* where bad rows go, as CSV; empty: they are only counted */
  tl_text temporary_directory; /* for sorting; empty: $TMPDIR or /tmp */
  int64_t memory_bytes;        /* for sorting; 0: 192 MiB; at least 64 KiB */
  tl_progress_fn progress;     /* NULL: nobody is told */
  void *payload;               /* of `progress` */
} tl_import_options;

/* What became of an import. Free: tl_import_report_free. */
typedef struct tl_import_report tl_import_report;

/** @contract IMPORT: loads facts, sorted by account, time and line; one commit per account and
 * batch. Repeatable: facts that the ledger has already are skipped. A bad row is put aside and the
 * rest is loaded. What was committed before a failure stays; importing again goes on from there.
 * @param ledger     borrowed.
 * @param options    borrowed; NULL: all defaults.
 * @param out_report owned.
 * Returns: TL_OK, also with rejects; TL_INVALID_ARGUMENT: a fault in the mapping or the options,
 * `field` has its path; TL_NOT_FOUND: a file is missing; TL_CANCELLED: by `progress`;
 * TL_PERMISSION_DENIED, TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED, TL_DATA_LOSS: the store, or a file.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Imports files of facts: JSON lines (docs/fact-format.md), exports of other ledgers, which are
 * decided anew (docs/export-and-restore.md), or CSV as a mapping says (docs/import.md).
 * @param paths [path_count], borrowed.
 * @param map   borrowed; the mapping file's text; NULL with size 0: JSON lines.
 * Contract: IMPORT. */
TL_API tl_status tl_import_files(tl_ledger *ledger, const tl_text *paths, int64_t path_count,
                                 const char *map, size_t map_size, const tl_import_options *options,
                                 tl_import_report **out_report, tl_error *error) TL_NOEXCEPT;

/** Imports the commands of a batch, of any number. Those without a key of their own get one from
 * their content.
 * @param batch borrowed.
 * Contract: IMPORT. */
TL_API tl_status tl_import_batch(tl_ledger *ledger, const tl_batch *batch,
                                 const tl_import_options *options, tl_import_report **out_report,
                                 tl_error *error) TL_NOEXCEPT;

/* How an export of Salesforce is to be read: what its files do not say themselves
 * (docs/salesforce.md). */
typedef struct tl_salesforce_options {
  uint32_t struct_size;
  int32_t reserved;
  tl_text time_zone;   /* IANA name, of times without a zone; empty: these are refused */
  tl_text dates;       /* how dates are written, e.g. "%d.%m.%Y %H:%M"; empty: ISO 8601 */
  tl_text currency;    /* ISO 4217, of amounts without one; empty: these are refused */
  tl_text stages_json; /* {"lead": {"Hot": "sql"}, "opportunity": {"Demo": "discovery"}} */
  tl_text decimal;     /* of numbers: "." or ","; empty: "." */
  tl_text thousands;   /* one of . , ' _ and a space; empty: none */
} tl_salesforce_options;

/** Imports the CSV files of a folder, an export of Salesforce (docs/salesforce.md). What it does
 * not say and `salesforce` neither is TL_INVALID_ARGUMENT before anything is written; TL_NOT_FOUND
 * is also a folder without a file of an object that can be imported.
 * @param folder     borrowed.
 * @param salesforce borrowed; NULL: all defaults.
 * Contract: IMPORT. */
TL_API tl_status tl_import_salesforce(tl_ledger *ledger, const char *folder, size_t folder_size,
                                      const tl_salesforce_options *salesforce,
                                      const tl_import_options *options,
                                      tl_import_report **out_report, tl_error *error) TL_NOEXCEPT;

/* The figures of an import. */
typedef struct tl_import_counts {
  uint32_t struct_size;
  int32_t reserved;
  int64_t rows;     /* lines of input, without headers and empty ones */
  int64_t facts;    /* facts in those of them that could be read */
  int64_t imported; /* facts that added events */
  int64_t known;    /* facts already in the ledger, or said twice */
  int64_t rejected; /* faults, all in the rejects file: of a row, or of one fact of it */
  int64_t events;   /* written */
  int64_t commits;
  int64_t warning_count; /* of tl_import_report_warning */
  int64_t sample_count;  /* of tl_import_report_sample */
} tl_import_counts;

/** Gives the figures. Contract: VIEW. */
TL_API tl_status tl_import_report_counts(const tl_import_report *report,
                                         tl_import_counts *out_counts, tl_error *error) TL_NOEXCEPT;

/** Gives a kind of warning (a breach by name, or another oddity), and how often it came.
 * Contract: VIEW. */
TL_API tl_status tl_import_report_warning(const tl_import_report *report, int64_t index,
                                          tl_text *out_name, int64_t *out_count,
                                          tl_error *error) TL_NOEXCEPT;

/** Gives one of the first rejects and warnings, in words. Contract: VIEW. */
TL_API tl_status tl_import_report_sample(const tl_import_report *report, int64_t index,
                                         tl_text *out_sample, tl_error *error) TL_NOEXCEPT;

/** Frees a report. Contract: FREE. */
TL_API void tl_import_report_free(tl_import_report *report) TL_NOEXCEPT;

/* --- Export and restore. ---------------------------------------------------------------------- */

/* How an export is to be done. */
typedef struct tl_export_options {
  uint32_t struct_size;
  int32_t reserved;
  tl_progress_fn progress; /* NULL: nobody is told */
  void *payload;           /* of `progress` */
} tl_export_options;

/* What was written. */
typedef struct tl_export_counts {
  uint32_t struct_size;
  int32_t reserved;
  int64_t seq;     /* of the last commit that it shows */
  int64_t commits; /* 0 of tables */
  int64_t rows;    /* of tables */
} tl_export_counts;

/** @contract EXPORT: shows one state of the ledger, whoever writes meanwhile. Files are for their
 * owner only: they hold personal data. Each gets its name when it is whole: what had that name
 * stays as it was until then, and after a failure.
 * @param ledger     borrowed.
 * @param options    borrowed; NULL: all defaults.
 * @param out_counts NULL: not wanted.
 * Returns: TL_OK; TL_NOT_FOUND: no such folder; TL_CANCELLED: by `progress`; TL_PERMISSION_DENIED,
 * TL_RESOURCE_EXHAUSTED, TL_FAILED_PRECONDITION: the file; TL_UNAVAILABLE: the store, or the file;
 * TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Writes the whole ledger to a file of JSON lines, of which tl_ledger_restore makes it again
 * (docs/export-and-restore.md). The file holds the ledger's secret key too.
 * @param path borrowed; "-" is the standard output.
 * Contract: EXPORT. */
TL_API tl_status tl_ledger_export(tl_ledger *ledger, const char *path, size_t path_size,
                                  const tl_export_options *options, tl_export_counts *out_counts,
                                  tl_error *error) TL_NOEXCEPT;

/** Writes the tables of the current state and of the personal data, each to a file NAME.csv.
 * @param folder borrowed; made if it is missing. After a failure some files in it may be new.
 * Contract: EXPORT. */
TL_API tl_status tl_ledger_export_tables(tl_ledger *ledger, const char *folder, size_t folder_size,
                                         const tl_export_options *options,
                                         tl_export_counts *out_counts, tl_error *error) TL_NOEXCEPT;

/* The export that a ledger is to be made of. */
typedef struct tl_restore_source {
  uint32_t struct_size;
  int32_t reserved;
  tl_text file;            /* its path; "-" is the standard input */
  tl_progress_fn progress; /* NULL: nobody is told */
  void *payload;           /* of `progress` */
} tl_restore_source;

/** @contract RESTORE: makes a new ledger of an export and opens it: the same commits, byte for
 * byte, the same personal data, the same answers to request ids. What is read is checked;
 * tl_ledger_verify tells whether it is true. There is all of it, or no ledger.
 * @param source     borrowed.
 * @param options    borrowed; NULL: all defaults. `policy_json` must be empty.
 * @param out_ledger owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: the file is no export, damaged or cut short: the message has
 * the line, `field` the member; TL_FAILED_PRECONDITION: a later version wrote it, or the new ledger
 * would stand in something else than a ledger; TL_ALREADY_EXISTS: there is a ledger; TL_NOT_FOUND:
 * no such file or folder; TL_CANCELLED: by `progress`; TL_UNAVAILABLE: the store failed, and if the
 * message says so the ledger may be there; TL_PERMISSION_DENIED, TL_RESOURCE_EXHAUSTED,
 * TL_DATA_LOSS: the store, or the file.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Restores into a new SQLite file, as tl_ledger_create makes one. After a failure an empty
 * database may be there, in which to try again.
 * @param path borrowed; where the ledger's file is to be.
 * Contract: RESTORE. */
TL_API tl_status tl_ledger_restore(const char *path, size_t path_size,
                                   const tl_restore_source *source,
                                   const tl_ledger_options *options, tl_ledger **out_ledger,
                                   tl_error *error) TL_NOEXCEPT;

/** Restores into memory: gone when it is closed. What concerns files in the options is ignored.
 * Contract: RESTORE. */
TL_API tl_status tl_ledger_restore_in_memory(const tl_restore_source *source,
                                             const tl_ledger_options *options,
                                             tl_ledger **out_ledger, tl_error *error) TL_NOEXCEPT;

/* --- Upkeep. ---------------------------------------------------------------------------------- */

/* The journal against the rows derived from it. Free: tl_verify_report_free. */
typedef struct tl_verify_report tl_verify_report;

/** Replays the journal and compares every derived row. Reads one consistent state.
 * @param ledger     borrowed.
 * @param out_report owned.
 * Returns: TL_OK, also with differences; TL_UNAVAILABLE, TL_DATA_LOSS: the store could not be read.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_ledger_verify(tl_ledger *ledger, tl_verify_report **out_report,
                                  tl_error *error) TL_NOEXCEPT;

/* The figures of a check. */
typedef struct tl_verify_counts {
  uint32_t struct_size;
  int32_t reserved;
  int64_t commits;
  int64_t events;
  int64_t rows;         /* compared */
  int64_t differences;  /* rows, gaps and disorders found wrong, personal data without a match */
  int64_t sample_count; /* of tl_verify_report_sample */
} tl_verify_counts;

/** Gives the figures. Contract: VIEW. */
TL_API tl_status tl_verify_report_counts(const tl_verify_report *report,
                                         tl_verify_counts *out_counts, tl_error *error) TL_NOEXCEPT;

/** Gives one of the first differences, in words. Contract: VIEW. */
TL_API tl_status tl_verify_report_sample(const tl_verify_report *report, int64_t index,
                                         tl_text *out_sample, tl_error *error) TL_NOEXCEPT;

/** Frees a report. Contract: FREE. */
TL_API void tl_verify_report_free(tl_verify_report *report) TL_NOEXCEPT;

/** Derives all rows from the journal anew, in one transaction. Personal data is left alone.
 * @param ledger borrowed.
 * Returns: TL_OK; TL_PERMISSION_DENIED: opened read_only; TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED,
 * TL_DATA_LOSS: the store, or a journal that cannot be read.
 * Thread-safety: any thread; writers wait.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_ledger_rebuild(tl_ledger *ledger, tl_error *error) TL_NOEXCEPT;

/* --- Tables. ---------------------------------------------------------------------------------- */

/* The one shape in which every tabular answer comes: typed columns in memory. It does not change
 * and keeps nothing of the ledger. Free: tl_table_free. */
typedef struct tl_table tl_table;

/* What a column holds. Integers, times, dates and truth values are int64_t in memory. */
enum {
  TL_COLUMN_EMPTY = 0, /* of a cell: not known, or not defined (a rate of nothing) */
  TL_COLUMN_INTEGER = 1,
  TL_COLUMN_REAL = 2, /* double; never NaN */
  TL_COLUMN_TEXT = 3,
  TL_COLUMN_TIME = 4,   /* tl_time */
  TL_COLUMN_DATE = 5,   /* days since 1970-01-01 */
  TL_COLUMN_BOOLEAN = 6 /* 0 or 1 */
};

/* What a table is. */
typedef struct tl_table_info {
  uint32_t struct_size;
  int32_t reserved;
  tl_text report;  /* name of the report; "leads", "opportunities" */
  tl_text finding; /* what it says, in one plain sentence; may be empty */
  int64_t row_count;
  int64_t column_count;
  int64_t parameter_count;
  tl_as_of_answer as_of; /* what it was made from */
} tl_table_info;

/** Says what the table is. Contract: VIEW. */
TL_API tl_status tl_table_get_info(const tl_table *table, tl_table_info *out_info,
                                   tl_error *error) TL_NOEXCEPT;

/* A column with all its cells, as views: [row_count] each, where not said otherwise. */
typedef struct tl_column {
  uint32_t struct_size;
  int32_t kind; /* TL_COLUMN_ */
  tl_text name;
  tl_text unit;       /* "leads", "EUR", "days", "share"; empty for names */
  tl_text definition; /* in plain English */
  int64_t row_count;
  const int64_t *integers; /* INTEGER, TIME, DATE, BOOLEAN; else NULL */
  const double *reals;     /* REAL; else NULL */
  const int64_t *offsets;  /* TEXT: [row_count + 1]: text i is bytes[offsets[i] ... offsets[i+1]) */
  const char *bytes;       /* TEXT */
  const uint8_t *given;    /* 0: the cell is empty, and 0, 0.0 or "" in the arrays; NULL: none is */
  int32_t bar;             /* 1: worth a bar beside the number, where there is room for one */
  int32_t reserved;
} tl_column;

/** Gives a column. Contract: VIEW. */
TL_API tl_status tl_table_column(const tl_table *table, int64_t column, tl_column *out_column,
                                 tl_error *error) TL_NOEXCEPT;

/* One value of a table. */
typedef struct tl_cell {
  uint32_t struct_size;
  int32_t kind;    /* TL_COLUMN_ of the column; TL_COLUMN_EMPTY: there is nothing in it */
  int64_t integer; /* INTEGER, TIME, DATE, BOOLEAN */
  double real;     /* REAL */
  tl_text text;    /* TEXT */
} tl_cell;

/** Gives a cell. Contract: VIEW. */
TL_API tl_status tl_table_cell(const tl_table *table, int64_t row, int64_t column,
                               tl_cell *out_cell, tl_error *error) TL_NOEXCEPT;

/** Copies a part of a column of integers, times, dates or truth values into the caller's arrays.
 * @param first      row; first + count at most row_count.
 * @param out_values [count], the caller's; 0 where the cell is empty.
 * @param out_given  [count], the caller's, 0 where the cell is empty; may be NULL.
 * Returns: TL_OK; TL_OUT_OF_RANGE; TL_FAILED_PRECONDITION: the column holds something else.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_table_copy_integers(const tl_table *table, int64_t column, int64_t first,
                                        int64_t count, int64_t *out_values, uint8_t *out_given,
                                        tl_error *error) TL_NOEXCEPT;

/** The same of a column of reals; of integers too, as reals.
 * @param first      row; first + count at most row_count.
 * @param out_values [count], the caller's; 0.0 where the cell is empty.
 * @param out_given  [count], the caller's, 0 where the cell is empty; may be NULL.
 * Returns: TL_OK; TL_OUT_OF_RANGE; TL_FAILED_PRECONDITION: the column holds something else.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_table_copy_reals(const tl_table *table, int64_t column, int64_t first,
                                     int64_t count, double *out_values, uint8_t *out_given,
                                     tl_error *error) TL_NOEXCEPT;

/** Gives a parameter of the report by its place. Contract: VIEW. */
TL_API tl_status tl_table_parameter(const tl_table *table, int64_t index, tl_text *out_name,
                                    tl_text *out_value, tl_error *error) TL_NOEXCEPT;

/** @contract TABLE_TEXT: writes the table as text.
 * @param table    borrowed.
 * @param out_text owned.
 * Returns: TL_OK.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Aligned text for a terminal.
 * @param width columns of the terminal; 0: no limit.
 * Contract: TABLE_TEXT. */
TL_API tl_status tl_table_text(const tl_table *table, int32_t width, tl_string **out_text,
                               tl_error *error) TL_NOEXCEPT;

/** CSV by RFC 4180, with a header line; empty cells are empty. Contract: TABLE_TEXT. */
TL_API tl_status tl_table_csv(const tl_table *table, tl_string **out_text,
                              tl_error *error) TL_NOEXCEPT;

/** Markdown (GitHub's, for its tables): the finding, the table, what every column means, and what
 * it was made from. Contract: TABLE_TEXT. */
TL_API tl_status tl_table_markdown(const tl_table *table, tl_string **out_text,
                                   tl_error *error) TL_NOEXCEPT;

/** JSON as docs/reports.md describes it; empty cells are null.
 * @param indent negative: one line.
 * Contract: TABLE_TEXT. */
TL_API tl_status tl_table_json(const tl_table *table, int32_t indent, tl_string **out_text,
                               tl_error *error) TL_NOEXCEPT;

/** A web page that needs nothing else, and no network: the finding, the charts of the report, the
 * numbers, what every column means, and what it was made from (docs/reports.md). Some 600 KB.
 * Contract: TABLE_TEXT. */
TL_API tl_status tl_table_html(const tl_table *table, tl_string **out_text,
                               tl_error *error) TL_NOEXCEPT;

/** The same of several tables, with all findings first.
 * @param tables   [count], borrowed; none of them NULL.
 * @param count    at most 1,000.
 * @param title    borrowed; of the page.
 * @param out_text owned.
 * Returns: TL_OK.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_tables_html(const tl_table *const *tables, int64_t count, const char *title,
                                size_t title_size, tl_string **out_text,
                                tl_error *error) TL_NOEXCEPT;

/* The structs of the Arrow C data and C stream interfaces, as their specifications give them
 * (arrow.apache.org/docs/format: CDataInterface, CStreamInterface). The guards are theirs too: who
 * includes several headers with these structs gets them once. */

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

/* The type of an array. */
struct ArrowSchema {
  /* Array type description */
  const char *format;
  const char *name;
  const char *metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema **children;
  struct ArrowSchema *dictionary;

  /* Release callback */
  void (*release)(struct ArrowSchema *);
  /* Opaque producer-specific data */
  void *private_data;
};

/* An array. */
struct ArrowArray {
  /* Array data description */
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void **buffers;
  struct ArrowArray **children;
  struct ArrowArray *dictionary;

  /* Release callback */
  void (*release)(struct ArrowArray *);
  /* Opaque producer-specific data */
  void *private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

/* Arrays of one type, one after the other. */
struct ArrowArrayStream {
  /* Callbacks providing stream functionality */
  int (*get_schema)(struct ArrowArrayStream *, struct ArrowSchema *out);
  int (*get_next)(struct ArrowArrayStream *, struct ArrowArray *out);
  const char *(*get_last_error)(struct ArrowArrayStream *);

  /* Release callback */
  void (*release)(struct ArrowArrayStream *);

  /* Opaque producer-specific data */
  void *private_data;
};

#endif /* ARROW_C_STREAM_INTERFACE */

/** Gives the table as an Arrow C stream, to be handed to whatever reads Arrow (TL_FEATURE_ARROW).
 * It has one array, a struct of the columns: "l" (integers), "g" (reals), "U" (texts), "tsu:UTC"
 * (times), "tdD" (dates), "b" (truth values). Integers, reals, times and texts are the table's own
 * memory, which the stream and its arrays keep: they stay good when the table is freed, and each
 * column of an array stays good when the others are released. The metadata of the schema are
 * "report", "finding", "parameters.<name>", "through", "known_at" and "seq", those of a column
 * "unit" and "definition"; what is empty is left out. The stream's calls fail only if memory runs
 * out, with ENOMEM, and may then be repeated.
 * @param out_stream the caller's, who has to call its `release`, or whoever moves it away; what it
 *                   held before is not released. After a failure `release` is NULL.
 * Returns: TL_OK.
 * Thread-safety: any thread; a stream belongs to one thread at a time, an array may be released by
 * any.   Re-entrancy: not from callbacks, but what the stream and its arrays offer may be called
 * from them.   Since: 0.1 */
TL_API tl_status tl_table_arrow_stream(const tl_table *table, struct ArrowArrayStream *out_stream,
                                       tl_error *error) TL_NOEXCEPT;

/** Frees a table. Contract: FREE. */
TL_API void tl_table_free(tl_table *table) TL_NOEXCEPT;

/** @contract COLUMNS: reads all records that a filter asks for, of one consistent state, into one
 * table: a million a second or so. Its columns have the names of the tables' columns in SQL
 * (include/throughline/row.h): those of the record structs above, `lineage` spread out:
 * "original_channel", "latest_at"; money as "amount_minor" and "amount_currency"; "attributes" as
 * JSON text.
 * @param ledger    borrowed.
 * @param filter    borrowed; NULL: all. The order is as in a list.
 * @param columns   [column_count], borrowed: the names of the columns wanted, in that order; NULL
 *                  with count 0: all of them.
 * @param out_table owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: an unknown column, or a malformed filter; TL_UNAVAILABLE,
 * TL_RESOURCE_EXHAUSTED, TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */

/** Reads leads into columns. Contract: COLUMNS. */
TL_API tl_status tl_lead_columns(tl_ledger *ledger, const tl_filter *filter, const tl_text *columns,
                                 int64_t column_count, tl_table **out_table,
                                 tl_error *error) TL_NOEXCEPT;

/** Reads opportunities into columns. Contract: COLUMNS. */
TL_API tl_status tl_opportunity_columns(tl_ledger *ledger, const tl_filter *filter,
                                        const tl_text *columns, int64_t column_count,
                                        tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/** Looks up who each of the identities would be, in one consistent state, and changes nothing: what
 * a command with it as `match` would find. A row for each, in columns: "rule", "value",
 * "candidates", "account", "contact", "opens_account", "opens_contact".
 * @param ledger     borrowed.
 * @param identities [count], borrowed: structs of this header's size, side by side.
 * @param count      at most 1,000,000.
 * @param out_table  owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: an identity is malformed, or names nothing by which anybody
 * could be known again: `field` is "identities[2].email"; TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED,
 * TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_match(tl_ledger *ledger, const tl_identity *identities, int64_t count,
                          tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/** Lists the pairs of accounts that may be one company: what `throughline review` shows.
 * tl_account_distinct settles one, and so does tl_account_merge.
 * @param ledger    borrowed.
 * @param state     TL_REVIEW_; TL_REVIEW_NONE: in any state.
 * @param out_table owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: no such state; TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED,
 * TL_DATA_LOSS: the store.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_reviews(tl_ledger *ledger, int32_t state, tl_table **out_table,
                            tl_error *error) TL_NOEXCEPT;

/* --- Snapshots and reports. ------------------------------------------------------------------- */

/* All facts up to one seq, in memory. It does not change and keeps nothing of the ledger. All
 * reports of one snapshot agree with one another. Free: tl_snapshot_free. */
typedef struct tl_snapshot tl_snapshot;

/* How much a snapshot is to hold. */
typedef struct tl_snapshot_options {
  uint32_t struct_size;
  int32_t reserved;
  tl_optional seq; /* up to this commit; 0: before the first; not given: everything */
} tl_snapshot_options;

/** Reads the whole journal in one consistent transaction, or what was committed up to a seq.
 * @param ledger       borrowed.
 * @param options      borrowed; NULL: everything.
 * @param out_snapshot owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: no such seq yet; TL_UNAVAILABLE, TL_RESOURCE_EXHAUSTED: the
 * store; TL_DATA_LOSS: a commit that cannot be read. Thread-safety: any thread.   Re-entrancy: not
 * from callbacks.   Since: 0.1 */
TL_API tl_status tl_snapshot_take(tl_ledger *ledger, const tl_snapshot_options *options,
                                  tl_snapshot **out_snapshot, tl_error *error) TL_NOEXCEPT;

/** A snapshot of the same ledger as it is now: equal if nothing was committed since. It reads the
 * accounts that changed, and shares the rest with the first one, which stays as it is.
 * @param snapshot     borrowed.
 * @param ledger       borrowed; the one that the snapshot was taken of.
 * @param out_snapshot owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: the ledger ends before the snapshot, or is another
 * one; else as of tl_snapshot_take.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_snapshot_refresh(const tl_snapshot *snapshot, tl_ledger *ledger,
                                     tl_snapshot **out_snapshot, tl_error *error) TL_NOEXCEPT;

/* What a snapshot holds, and the bytes that it takes: a refreshed one shares most of them with
 * those before it. */
typedef struct tl_snapshot_info {
  uint32_t struct_size;
  int32_t reserved;
  int64_t seq;         /* the last commit it holds */
  tl_time recorded_at; /* of that commit */
  int64_t events;
  int64_t event_column_bytes; /* what events say */
  int64_t entity_bytes;       /* accounts, leads, opportunities and their sources */
  int64_t dictionary_bytes;   /* texts, and what touches have in common */
  int64_t index_bytes;        /* which account is of which group, and how each record stands */
} tl_snapshot_info;

/** Says what the snapshot holds. Contract: VIEW. */
TL_API tl_status tl_snapshot_get_info(const tl_snapshot *snapshot, tl_snapshot_info *out_info,
                                      tl_error *error) TL_NOEXCEPT;

/** Gives the policy in force at its seq.
 * @param snapshot   borrowed.
 * @param out_policy owned; its version is 0.
 * Returns: TL_OK.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_snapshot_policy(const tl_snapshot *snapshot, tl_policy **out_policy,
                                    tl_error *error) TL_NOEXCEPT;

/** Frees a snapshot. Contract: FREE. */
TL_API void tl_snapshot_free(tl_snapshot *snapshot) TL_NOEXCEPT;

/** Lists the reports there are: a table of "name" and "about".
 * @param out_table owned.
 * Returns: TL_OK.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_report_list(tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/* One condition of a report: "owner" is "Ann Bell". */
typedef struct tl_report_filter {
  tl_text dimension; /* "owner", "source", "month", "attribute:NAME" ...: docs/reports.md */
  tl_text value; /* as tables show it; "" or "(blank)": none. Of owners and campaigns also the id,
                    or "system:key" */
} tl_report_filter;

/* Conditions. Those on the same dimension are alternatives, those on different ones must all hold.
 */
typedef struct tl_report_filters {
  const tl_report_filter *items;
  size_t count;
} tl_report_filters;

/* What a report is to be made of. */
typedef struct tl_report_options {
  uint32_t struct_size;
  int32_t source;       /* TL_SOURCE_ */
  tl_optional through;  /* tl_time; default: the last moment the snapshot knows of */
  tl_optional known_at; /* tl_time; default: its last commit */
  tl_date from; /* the period, by days of the policy's time zone, both inclusive: of what, */
  tl_date to;   /* each report says. Default: all */
  tl_report_filters filters; /* default: none */
  tl_texts group_by;         /* dimensions, at most 3: a row for each of their values */
  tl_text currency;        /* ISO 4217: what amounts are converted into; default: each in its own */
  tl_optional last_days;   /* of "quarter_end": how long the end of a quarter is; default: 14 */
  tl_optional return_days; /* of it: how soon a closed lead came back; default: 90 */
  tl_optional late_days;   /* of "slippage": how late is logged late; default: 14. All 1 ... 366 */
} tl_report_options;

/** @contract REPORT: counts records of a snapshot as a report does that tl_report_list names
 * (docs/reports.md).
 * @param snapshot  borrowed.
 * @param name      borrowed; of the report.
 * @param options   borrowed; NULL: all defaults.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: `field` is "name" for an unknown name; "through" if it is
 * after the last moment the snapshot knows of; "to" if the period ends before it begins;
 * "filters[2].dimension" and "filters[2].value" for what is not there; "group_by" for a dimension
 * that is not there, or that the report does not go by; "last_days", "return_days" and "late_days"
 * if it does not go by them, or they are out of their range; "currency" if an amount has no rate
 * into it; TL_OUT_OF_RANGE: an amount is too large in that currency; TL_FAILED_PRECONDITION: this
 * machine does not know the policy's time zone. Thread-safety: any thread.   Re-entrancy: not from
 * callbacks.   Since: 0.1 */

/** Runs a report.
 * @param out_table owned.
 * Contract: REPORT. */
TL_API tl_status tl_report_run(const tl_snapshot *snapshot, const char *name, size_t name_size,
                               const tl_report_options *options, tl_table **out_table,
                               tl_error *error) TL_NOEXCEPT;

/** Gives the leads, opportunities and touches behind one number of the report, as a table of
 * "kind", "id" and "account". TL_OUT_OF_RANGE also for a row that the report has not;
 * TL_INVALID_ARGUMENT with `field` "column" for a column that it has not, or that counts nothing.
 * @param row       of the report's table.
 * @param column    borrowed; its name.
 * @param out_table owned.
 * Contract: REPORT. */
TL_API tl_status tl_report_rows(const tl_snapshot *snapshot, const char *name, size_t name_size,
                                const tl_report_options *options, int64_t row, const char *column,
                                size_t column_size, tl_table **out_table,
                                tl_error *error) TL_NOEXCEPT;

/* Several ledgers as one: no group of accounts spans two of them, and all have the same owners,
 * campaigns, costs, rates and policy. What each has counted, its partial, is bytes that any process
 * can add up. Say `through` and `known_at`, so that all mean the same. */

/** Counts one of `shard_count` parts of a snapshot, the one numbered `shard_index` from 0: 0 of 1
 * is all of it. TL_INVALID_ARGUMENT with `field` "shard" if there is no such part.
 * @param out_partial owned; bytes, not text.
 * Contract: REPORT. */
TL_API tl_status tl_report_partial(const tl_snapshot *snapshot, const char *name, size_t name_size,
                                   const tl_report_options *options, int32_t shard_index,
                                   int32_t shard_count, tl_string **out_partial,
                                   tl_error *error) TL_NOEXCEPT;

/** Adds partials of one report up to one.
 * @param partials    [count], borrowed; bytes, not text.
 * @param count       1 ... 1,000; more are merged in steps.
 * @param out_partial owned; bytes, not text.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: there are none; they are of different reports, options,
 * times or policies; a shard is there twice; or one is damaged.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_report_merge(const tl_text *partials, int64_t count, tl_string **out_partial,
                                 tl_error *error) TL_NOEXCEPT;

/** Makes the report's table of a partial. Its seq is 0 if the partial was merged of several.
 * @param partial   borrowed.
 * @param out_table owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: the partial is damaged, or lacks a shard of a snapshot that
 * it has others of.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_report_finish(const char *partial, size_t partial_size, tl_table **out_table,
                                  tl_error *error) TL_NOEXCEPT;

/* --- Attribution: which touches earned what was won (docs/attribution.md). ---------------------
 */

/* Models, keys and scopes go by their names, as files and tables have them. "" is the default,
 * which is the first of its list. None of these calls can be stopped. */

/* A weight of the model "custom", in percent. */
typedef struct tl_weight {
  /* "first", "lead", "opportunity", "close", "middle", or a stage's key; a stage that has one of
   * these names for a key can be weighed in the policy only. */
  tl_text milestone;
  double percent; /* at least 0 */
} tl_weight;

/* Weights that add up to 100. */
typedef struct tl_weights {
  const tl_weight *items;
  size_t count;
} tl_weights;

/* Paths to conversions, kept to be asked for many models. They do not change. Those of a snapshot
 * keep it in memory, also after tl_snapshot_free; of the ledger they keep nothing. Free:
 * tl_paths_free. */
typedef struct tl_paths tl_paths;

/* Which paths of a snapshot are wanted: of each record that is credited, and of what came to
 * nothing. */
typedef struct tl_paths_options {
  uint32_t struct_size;
  int32_t reserved;
  /* What touches go by; what a touch lacks is "(blank)". "channel"; "campaign"; "source": channel
   * and campaign; "contact": the person's id; "side": marketing or sales; "month" of the touch, in
   * the policy's time zone; "touch": the id of its event. */
  tl_text by;
  /* What is credited. "revenue": won opportunities at their amounts; "pipeline": all opportunities,
   * open ones too; "leads", for being created; "wins": won opportunities, each the same; "losses":
   * lost opportunities. Of "revenue" and "wins" lost opportunities came to nothing, of "losses" won
   * ones. */
  tl_text credit;
  /* Whose touches may earn. "account": of it, and of accounts merged with it; "contact_roles": of
   * contacts with a role in the opportunity, or of its leads; "lead_contact": of the contacts of
   * its leads. */
  tl_text scope;
  /* From when on. "chain": the start of the chain of episodes; "days": window_days before the
   * anchor; "episode": this one, not before what it took up was closed; "ever": the account's first
   * touch. A chain or an episode begins the policy's sourcing window before its first record. */
  tl_text window;
  tl_text side; /* "marketing"; "sales"; "both" */
  /* Until when. "close": of an open opportunity, until `through`; "opportunity": its creation;
   * "lead": creation of the first of its leads, or of the opportunity without one, or if later. Of
   * leads always their creation. */
  tl_text anchor;
  tl_optional window_days; /* of "days", before the anchor: 1 ... 36,500; default: 90 */
  /* A repeat by the same contact, channel and campaign within so many does not count: 0 ...
   * 525,600; default: 30; 0: all count. */
  tl_optional collapse_minutes;
  /* A company whose last touch, of either side, is so many days back at `through`, and that has no
   * opportunity ("leads": nor lead) and no open or parked lead, is a path to nothing, of the day on
   * which it aged out. Not with "losses", nor with filters. 0 ... 36,500; default: the policy's
   * sourcing window. */
  tl_optional aged_out_days;
  /* The stages that weights of tl_attribution_options may weigh, and the weights if it has none.
   * Give the same here as there. Default: the policy's. */
  tl_weights weights;
} tl_paths_options;

/* Paths as columns. Path i has the touches from begins[i] to begins[i + 1], oldest first. */
typedef struct tl_path_columns {
  uint32_t struct_size;
  int32_t reserved;
  tl_texts keys; /* channels, or what else touches go by: distinct, of at most 1,024 bytes each */
  const uint32_t *direct_keys; /* [direct_count]: places among them, of direct traffic */
  size_t direct_count;
  const uint64_t *begins; /* [path_count + 1]: from 0, never falling, to touch_count */
  size_t path_count;
  const uint32_t *touches; /* [touch_count]: places among the keys */
  size_t touch_count;
  const double *conversions; /* [path_count]: at least 0 */
  /* [path_count]: of these conversions together; finite, 0 where there are none. NULL: all 0 */
  const double *values;
  const double *nulls; /* [path_count]: how often the path led to nothing; NULL: never */
  /* [touch_count]: when, in days on any scale, never falling within a path; NULL: not known */
  const double *days;
} tl_path_columns;

/* A model with all that it goes by. 0, "" and what is not given are defaults. */
typedef struct tl_attribution_options {
  uint32_t struct_size;
  int32_t order; /* of "markov": a state is the last 1, 2 or 3 touches; default: 1 */
  tl_text model; /* one that tl_attribution_models lists; default: "linear" */
  /* Of "custom"; default: those that the paths were assembled with, or the policy's. */
  tl_weights weights;
  double half_life_days; /* of "time_decay", above 0; default: 60 */
  /* With fewer, models that go by the data fall back to "linear", and the table says so. At least
   * 0; default: 10. */
  tl_optional minimum_conversions;
  /* Orders of keys that "shapley_rate" draws above 20 keys: 2 ... 1,000,000; default: 1,000. */
  tl_optional samples;
  tl_optional seed; /* the same one draws the same: at least 0; default: 1 */
  /* To be compared, distinct; default: all that the paths allow, but "shapley_ordered". */
  tl_texts models;
  tl_optional resamples; /* of comparisons: 0 ... 10,000; 0: no intervals; default: 100 */
  double held_out;       /* of validations, the share: above 0 and below 1; default: 0.3 */
} tl_attribution_options;

/** @contract ATTRIBUTION: shares credit for the paths as a model does that tl_attribution_models
 * names (docs/attribution.md).
 * @param paths     borrowed.
 * @param options   borrowed; NULL: all defaults.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: `field` is "model", "order", "half_life_days",
 * "minimum_conversions", "samples", "seed", "models", "models[1]", "resamples" or "held_out" for
 * what is out of its range or not there, and for a model that takes what the paths lack, or more
 * than is allowed: "markov" at most 1,000 keys and 100,000 states, comparisons at most 100,000,000
 * shares (keys times models that go by the data times resamples); "weights", "weights[2]",
 * "weights.first", "weights.stages" or "weights.stages.KEY" for weights that are none, do not add
 * up to 100, or are of stages that the paths do not have. Thread-safety: any thread.   Re-entrancy:
 * not from callbacks.   Since: 0.1 */

/** Lists the models there are: a table of "name" and "about".
 * @param out_table owned.
 * Returns: TL_OK.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_attribution_models(tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/** Gives the paths of a snapshot, or of one of `shard_count` parts of it, the one numbered
 * `shard_index` from 0: 0 of 1 is all of it.
 * @param snapshot  borrowed.
 * @param report    borrowed: times, the period, filters and the currency as of reports; NULL: all
 *                  defaults.
 * @param options   borrowed; NULL: all defaults.
 * @param out_paths owned.
 * Returns: as of tl_report_run; TL_INVALID_ARGUMENT also with `field` "by", "credit", "scope",
 * "window", "side", "anchor", "window_days", "collapse_minutes", "aged_out_days", "weights" (and
 * its members as of ATTRIBUTION), "shard_index" or "shard_count" for what is not there or out of
 * its range; "shard" for a part that is not there; and "group_by", "last_days", "return_days" or
 * "late_days", which mean nothing to paths. Thread-safety: any thread.   Re-entrancy: not from
 * callbacks.   Since: 0.1 */
TL_API tl_status tl_paths_assemble(const tl_snapshot *snapshot, const tl_report_options *report,
                                   const tl_paths_options *options, int32_t shard_index,
                                   int32_t shard_count, tl_paths **out_paths,
                                   tl_error *error) TL_NOEXCEPT;

/** Gives paths of columns, which are copied.
 * @param columns   borrowed.
 * @param out_paths owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: `field` names the first number that is out of its range:
 * "touches[7]". Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_paths_of_columns(const tl_path_columns *columns, tl_paths **out_paths,
                                     tl_error *error) TL_NOEXCEPT;

/** Reads paths from a CSV file with the columns "path", "total_conversions" and, if they are there,
 * "total_conversion_value", "total_null" and "days". An empty number is 0.
 * @param file      borrowed; "-": the standard input.
 * @param direct    borrowed; keys of direct traffic; names that no touch has are passed over;
 *                  NULL: none.
 * @param out_paths owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: a fault, with its line and column; TL_NOT_FOUND: there is no
 * such file. Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_paths_read(const char *file, size_t file_size, const tl_texts *direct,
                               tl_paths **out_paths, tl_error *error) TL_NOEXCEPT;

/** Says how many paths and touches there are. Either may be NULL. Contract: VIEW. */
TL_API tl_status tl_paths_counts(const tl_paths *paths, int64_t *out_paths, int64_t *out_touches,
                                 tl_error *error) TL_NOEXCEPT;

/** Frees paths. Contract: FREE. */
TL_API void tl_paths_free(tl_paths *paths) TL_NOEXCEPT;

/** Gives the credit of each key, as a table.
 * @param out_table owned.
 * Contract: ATTRIBUTION. */
TL_API tl_status tl_attribution_run(const tl_paths *paths, const tl_attribution_options *options,
                                    tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/** Tells how one opportunity's credit is shared, touch by touch. Paths of "pipeline" have every
 * opportunity, open ones too; those of "revenue" only won and lost ones, of which a lost one has
 * weights but no value. Models that go by the data do not fall back here; "markov" and
 * "shapley_rate" do not weigh the touches of one path. TL_NOT_FOUND if it is in none of the paths;
 * TL_INVALID_ARGUMENT also if these are not of a ledger's opportunities.
 * @param opportunity its id.
 * @param out_table   owned.
 * Contract: ATTRIBUTION. */
TL_API tl_status tl_attribution_explain(const tl_paths *paths,
                                        const tl_attribution_options *options, int64_t opportunity,
                                        tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/** Puts models side by side, with intervals of those that go by the data, which takes `resamples`
 * times as long as these models do. Parameters of the table name models that fell back, and of the
 * default ones those that the paths are too large for.
 * @param out_table owned.
 * Contract: ATTRIBUTION. */
TL_API tl_status tl_attribution_compare(const tl_paths *paths,
                                        const tl_attribution_options *options, tl_table **out_table,
                                        tl_error *error) TL_NOEXCEPT;

/** Tells how well each model foretells what converts, on paths that it was not fitted to.
 * @param out_table owned.
 * Contract: ATTRIBUTION. */
TL_API tl_status tl_attribution_validate(const tl_paths *paths,
                                         const tl_attribution_options *options,
                                         tl_table **out_table, tl_error *error) TL_NOEXCEPT;

/** Counts what the model takes of the paths, to be merged with what others counted, by this version
 * of the library only. Say `through` and `known_at` of the paths, so that all mean the same.
 * @param out_partial owned; bytes, not text.
 * Contract: ATTRIBUTION. */
TL_API tl_status tl_attribution_partial(const tl_paths *paths,
                                        const tl_attribution_options *options,
                                        tl_string **out_partial, tl_error *error) TL_NOEXCEPT;

/** Adds partials of one request up to one.
 * @param partials    [count], borrowed; bytes, not text.
 * @param count       1 ... 1,000; more are merged in steps.
 * @param out_partial owned; bytes, not text.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: there are none; they are of different requests or times; a
 * shard of a snapshot is there twice; one is damaged; or they have more keys or states than
 * "markov" takes.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_attribution_merge(const tl_text *partials, int64_t count,
                                      tl_string **out_partial, tl_error *error) TL_NOEXCEPT;

/** Makes the table of a partial. Its seq is 0 if the partial was merged of several.
 * @param partial   borrowed.
 * @param out_table owned.
 * Returns: TL_OK; TL_INVALID_ARGUMENT: the partial is damaged or too large, or lacks a shard of a
 * snapshot that it has others of.
 * Thread-safety: any thread.   Re-entrancy: not from callbacks.   Since: 0.1 */
TL_API tl_status tl_attribution_finish(const char *partial, size_t partial_size,
                                       tl_table **out_table, tl_error *error) TL_NOEXCEPT;

#if defined(__cplusplus)
} /* extern "C" */
#endif

#endif /* THROUGHLINE_CAPI_H_ */
