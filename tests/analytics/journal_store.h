#ifndef THROUGHLINE_TESTS_ANALYTICS_JOURNAL_STORE_H_
#define THROUGHLINE_TESTS_ANALYTICS_JOURNAL_STORE_H_

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "model/codec.h"
#include "throughline/event.h"
#include "throughline/store.h"

namespace throughline {

// A store with nothing but a journal, which tests write as they like, errors included.
class JournalStore : public Store {
 public:
  // Adds a commit behind the last; its seq.
  int64_t Append(AccountId account, std::string_view recorded_at, std::span<const Event> events) {
    const int64_t seq = commits_.empty() ? 1 : commits_.rbegin()->first + 1;
    Append(seq, account, *ParseTime(recorded_at), EncodeEvents(events));
    return seq;
  }
  void Append(int64_t seq, AccountId account, Time recorded_at, std::string events) {
    commits_[seq] = {account, ++versions_[account], recorded_at, std::move(events)};
  }
  int64_t last_seq() const { return commits_.empty() ? 0 : commits_.rbegin()->first; }
  void FailWith(absl::Status error) { error_ = std::move(error); }

  absl::Status Open(const Schema&, bool) override { return absl::OkStatus(); }
  absl::StatusOr<std::unique_ptr<ReadTransaction>> BeginRead() override {
    return std::make_unique<Reader>(*this);
  }
  absl::StatusOr<std::unique_ptr<WriteTransaction>> BeginWrite() override { return NotHere(); }
  absl::StatusOr<bool> EraseTraces() override { return NotHere(); }
  absl::StatusOr<int64_t> LastSeq() override { return NotHere(); }

 private:
  struct Stored {
    AccountId account;
    int64_t version = 0;
    Time recorded_at;
    std::string events;
  };

  static absl::Status NotHere() { return absl::UnimplementedError("journal only"); }

  class Reader : public ReadTransaction {
   public:
    explicit Reader(const JournalStore& store) : store_(store) {}

    absl::StatusOr<bool> Get(TableNumber, std::span<const Value>, StoredRow&) override {
      return NotHere();
    }
    absl::Status ScanRows(const Scan&, const RowVisitor&) override { return NotHere(); }
    absl::Status ReadJournal(int64_t after, const JournalVisitor& visitor) override {
      for (auto at = store_.commits_.upper_bound(after); at != store_.commits_.end(); ++at) {
        if (!visitor(EntryOf(at->first, at->second))) break;
      }
      return store_.error_;
    }
    absl::Status ReadStream(int64_t account, int64_t after, bool descending,
                            const JournalVisitor& visitor) override {
      if (descending) return NotHere();
      for (const auto& [seq, commit] : store_.commits_) {
        if (commit.account.value != account || commit.version <= after) continue;
        if (!visitor(EntryOf(seq, commit))) break;
      }
      return store_.error_;
    }
    absl::StatusOr<bool> ReadEntry(int64_t seq, const JournalVisitor& visitor) override {
      const auto at = store_.commits_.find(seq);
      if (at == store_.commits_.end()) return false;
      visitor(EntryOf(at->first, at->second));
      return true;
    }
    absl::StatusOr<Tail> JournalTail() override {
      if (!store_.error_.ok()) return store_.error_;
      if (store_.commits_.empty()) return Tail{};
      const auto& [seq, commit] = *store_.commits_.rbegin();
      return Tail{seq, commit.recorded_at.micros};
    }

   private:
    static JournalEntry EntryOf(int64_t seq, const Stored& commit) {
      return {seq, commit.account.value, commit.version, commit.recorded_at.micros, 0, 1,
              "",  commit.events};
    }

    const JournalStore& store_;
  };

  std::map<int64_t, Stored> commits_;  // by seq
  std::map<AccountId, int64_t> versions_;
  absl::Status error_;
};

}  // namespace throughline

#endif  // THROUGHLINE_TESTS_ANALYTICS_JOURNAL_STORE_H_
