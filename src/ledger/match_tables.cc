#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/list_reviews.h"
#include "ledger/read_records.h"
#include "model/abseil_text.h"
#include "throughline/error.h"
#include "throughline/limits.h"
#include "throughline/matching.h"
#include "throughline/time.h"

namespace throughline {
namespace {

Cell TextCell(std::string_view text) { return text.empty() ? Cell() : Cell(std::string(text)); }
Cell NumberCell(int64_t number) { return number == 0 ? Cell() : Cell(number); }

Table EmptyReviewTable() {
  constexpr auto kInteger = ColumnKind::kInteger;
  constexpr auto kText = ColumnKind::kText;
  Table table;
  table.report = "review";
  table.columns = {
      {"account", kInteger, "", "the newer of the two accounts"},
      {"name", kText, "", "what it is called"},
      {"other", kInteger, "", "the account that may be the same company"},
      {"other_name", kText, "", "what that is called"},
      {"rule", kText, "", "what the two have in common"},
      {"opened_at", ColumnKind::kTime, "", "since when somebody has to look at them"},
      {"state", kText, "", "open, distinct (not the same) or merged"},
      {"settled_at", ColumnKind::kTime, "", "when that was settled"},
  };
  return table;
}

absl::StatusOr<Cell> NameCell(ReadTransaction& store, AccountId account) {
  absl::StatusOr<AccountRow> row = ReadRecord<AccountRow>(store, AccountRef(account));
  if (!row.ok()) return row.status();
  return TextCell(row->name);
}

absl::Status AddReview(ReadTransaction& store, const ReviewRow& review, Table& table) {
  absl::StatusOr<Cell> name = NameCell(store, review.account);
  if (!name.ok()) return name.status();
  absl::StatusOr<Cell> other = NameCell(store, review.other);
  if (!other.ok()) return other.status();
  table.AddRow({review.account.value, *std::move(name), review.other.value, *std::move(other),
                TextCell(NameOf(review.rule)), review.opened_at.micros,
                TextCell(NameOf(review.state)),
                review.settled_at ? Cell(review.settled_at->micros) : Cell()});
  return absl::OkStatus();
}

absl::Status AddReviews(ReadTransaction& store, ReviewState state, Table& table) {
  PageRequest request{.size = kMaxPageSize, .cursor = {}};
  do {
    absl::StatusOr<Page<ReviewRow>> page = ListReviewRows(store, state, request);
    if (!page.ok()) return page.status();
    for (const ReviewRow& review : page->items) {
      if (absl::Status status = AddReview(store, review, table); !status.ok()) return status;
    }
    request.cursor = std::move(page->next);
  } while (!request.cursor.empty());
  return absl::OkStatus();
}

Table EmptyMatchTable() {
  constexpr auto kInteger = ColumnKind::kInteger;
  constexpr auto kText = ColumnKind::kText;
  Table table;
  table.report = "match";
  table.columns = {
      {"rule", kText, "", "by what the company or the person is known"},
      {"value", kText, "", "what was found, as it is compared"},
      {"candidates", kInteger, "", "how many accounts have it"},
      {"account", kInteger, "", "the account; empty: a new one would be opened"},
      {"contact", kInteger, "", "the person; empty: nobody in particular, or a new one"},
      {"opens_account", ColumnKind::kBoolean, "", "whether a new account would be opened"},
      {"opens_contact", ColumnKind::kBoolean, "", "whether a new contact would be added"},
  };
  return table;
}

// The refusal of one identity among several, with its place in the place of "match".
absl::Status OfIdentity(size_t index, const absl::Status& status) {
  ErrorDetail detail = DetailOf(status);
  std::string message(FromAbsl(status.message()));
  if (!detail.field.starts_with("match") || !message.starts_with(detail.field)) return status;
  const std::string place = absl::StrCat("identities[", index, "]");
  message.replace(0, std::string_view("match").size(), place);
  detail.field.replace(0, std::string_view("match").size(), place);
  return WithDetail(absl::Status(status.code(), ToAbsl(message)), detail);
}

void AddEvidence(const MatchEvidence& evidence, Table& table) {
  table.AddRow({TextCell(NameOf(evidence.rule)), TextCell(evidence.value), evidence.candidates,
                NumberCell(evidence.account.value), NumberCell(evidence.contact.value),
                int64_t{evidence.opens_account}, int64_t{evidence.opens_contact}});
}

}  // namespace

absl::StatusOr<Table> ReviewTable(Ledger& ledger, ReviewState state) {
  absl::StatusOr<std::unique_ptr<ReadTransaction>> store = ledger.store().BeginRead();
  if (!store.ok()) return store.status();
  Table table = EmptyReviewTable();
  if (absl::Status status = AddReviews(**store, state, table); !status.ok()) return status;
  const size_t pairs = table.rows();
  table.finding = pairs == 0   ? "No two accounts wait for somebody to look at them."
                  : pairs == 1 ? "1 pair of accounts that may be one company."
                               : absl::StrCat(pairs, " pairs of accounts that may be one company.");
  absl::StatusOr<ReadTransaction::Tail> tail = (*store)->JournalTail();
  if (!tail.ok()) return tail.status();
  table.as_of.seq = tail->seq;
  return table;
}

absl::StatusOr<Table> MatchTable(Ledger& ledger, std::span<const Identity> identities) {
  std::vector<absl::StatusOr<MatchEvidence>> outcomes;
  absl::Status status = ledger.MatchIdentities(identities, outcomes);
  if (!status.ok()) return status;
  Table table = EmptyMatchTable();
  for (size_t i = 0; i < outcomes.size(); ++i) {
    if (!outcomes[i].ok()) return OfIdentity(i, outcomes[i].status());
    AddEvidence(*outcomes[i], table);
  }
  return table;
}

}  // namespace throughline
