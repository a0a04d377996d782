#include "ledger/import/text_encoding.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "model/text.h"

namespace throughline {
namespace {

enum class Encoding { kUtf8, kUtf16Le, kUtf16Be, kWindows1252 };

struct Mark {
  size_t bytes = 0;
  Encoding encoding = Encoding::kUtf8;
};

Mark FindMark(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return {3, Encoding::kUtf8};
  if (head.starts_with("\xFF\xFE")) return {2, Encoding::kUtf16Le};
  if (head.starts_with("\xFE\xFF")) return {2, Encoding::kUtf16Be};
  return {};
}

// A text begins with an ASCII character (a column's name, a brace), whose high half is zero.
absl::StatusOr<Encoding> GuessUtf16(std::string_view head) {
  if (head.size() >= 2 && head[0] != 0 && head[1] == 0) return Encoding::kUtf16Le;
  if (head.size() >= 2 && head[0] == 0 && head[1] != 0) return Encoding::kUtf16Be;
  if (head.empty()) return Encoding::kUtf16Le;
  return absl::InvalidArgumentError(
      "no byte order mark, and the first character does not show the byte order; state the "
      "encoding "
      "as utf-16le or utf-16be");
}

absl::StatusOr<Encoding> WithoutStatement(const Mark& mark, std::string_view head) {
  if (mark.bytes == 0 && head.size() >= 2 && (head[0] == 0) != (head[1] == 0)) {
    return absl::InvalidArgumentError(
        "looks like UTF-16 without a byte order mark; state the encoding");
  }
  return mark.encoding;
}

absl::StatusOr<Encoding> WithStatement(Encoding stated, const Mark& mark) {
  if (mark.bytes == 0 || mark.encoding == stated) return stated;
  return absl::InvalidArgumentError(
      "the byte order mark at the beginning contradicts the stated encoding");
}

enum class Statement : uint8_t { kNone, kUtf8, kUtf16, kUtf16Le, kUtf16Be, kWindows1252 };

absl::StatusOr<Statement> StatementOf(std::string_view encoding) {
  const std::string name = LowerAscii(encoding);
  if (name.empty()) return Statement::kNone;
  if (name == "utf-8" || name == "utf8") return Statement::kUtf8;
  if (name == "utf-16") return Statement::kUtf16;
  if (name == "utf-16le") return Statement::kUtf16Le;
  if (name == "utf-16be") return Statement::kUtf16Be;
  for (const char* latin : {"latin-1", "latin1", "iso-8859-1", "windows-1252", "cp1252"}) {
    if (name == latin) return Statement::kWindows1252;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("unknown encoding \"", name,
                   "\"; known are utf-8, utf-16, utf-16le, utf-16be, latin-1 and windows-1252"));
}

absl::StatusOr<Encoding> ChooseEncoding(std::string_view stated, const Mark& mark,
                                        std::string_view head) {
  if (head.substr(0, 4) == std::string_view("\xFF\xFE\0\0", 4) ||
      head.substr(0, 4) == std::string_view("\0\0\xFE\xFF", 4)) {
    return absl::InvalidArgumentError("UTF-32 is not supported");
  }
  absl::StatusOr<Statement> statement = StatementOf(stated);
  if (!statement.ok()) return statement.status();
  switch (*statement) {
    case Statement::kNone:
      return WithoutStatement(mark, head);
    case Statement::kUtf8:
      return WithStatement(Encoding::kUtf8, mark);
    case Statement::kUtf16Le:
      return WithStatement(Encoding::kUtf16Le, mark);
    case Statement::kUtf16Be:
      return WithStatement(Encoding::kUtf16Be, mark);
    case Statement::kWindows1252:
      return WithStatement(Encoding::kWindows1252, mark);
    case Statement::kUtf16:
      break;
  }
  if (mark.bytes == 0) return GuessUtf16(head);
  if (mark.encoding != Encoding::kUtf8) return mark.encoding;
  return WithStatement(Encoding::kUtf16Le, mark);
}

const char* IconvName(Encoding encoding) {
  switch (encoding) {
    case Encoding::kUtf16Le:
      return "UTF-16LE";
    case Encoding::kUtf16Be:
      return "UTF-16BE";
    case Encoding::kWindows1252:
      return "WINDOWS-1252";
    case Encoding::kUtf8:
      break;
  }
  return "UTF-8";
}

absl::Status Prefixed(const std::string& path, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(path, ": ", status.message()));
}

}  // namespace

absl::Status CheckEncoding(std::string_view name) { return StatementOf(name).status(); }

class TextSource::Converter {
 public:
  enum class Result { kInputUsed, kInputCut, kInputInvalid, kOutputFull };

  static absl::StatusOr<std::unique_ptr<Converter>> Open(Encoding encoding) {
    iconv_t handle = iconv_open("UTF-8", IconvName(encoding));
    if (handle == reinterpret_cast<iconv_t>(-1)) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot convert ", IconvName(encoding)));
    }
    return std::unique_ptr<Converter>(new Converter(handle, encoding == Encoding::kWindows1252));
  }
  ~Converter() { iconv_close(handle_); }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  // Advances all four as far as it can.
  Result Convert(char*& in, size_t& in_left, char*& out, size_t& out_left) {
    if (iconv(handle_, &in, &in_left, &out, &out_left) != static_cast<size_t>(-1)) {
      return Result::kInputUsed;
    }
    if (errno == E2BIG) return Result::kOutputFull;
    return errno == EINVAL ? Result::kInputCut : Result::kInputInvalid;
  }

  bool passes_invalid_bytes() const { return passes_invalid_bytes_; }

 private:
  Converter(iconv_t handle, bool passes_invalid_bytes)
      : handle_(handle), passes_invalid_bytes_(passes_invalid_bytes) {}

  iconv_t handle_;
  bool passes_invalid_bytes_;
};

TextSource::TextSource(std::string path, int descriptor, size_t buffer_bytes)
    : path_(std::move(path)), descriptor_(descriptor), input_(std::max(buffer_bytes, size_t{16})) {}

TextSource::~TextSource() {
  if (descriptor_ != STDIN_FILENO) close(descriptor_);
}

absl::StatusOr<std::unique_ptr<TextSource>> TextSource::Open(std::string_view path,
                                                             std::string_view encoding,
                                                             size_t buffer_bytes) {
  const bool standard = path == "-";
  std::string name(standard ? std::string_view("standard input") : path);
  const int descriptor = standard ? STDIN_FILENO : open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, name);
  std::unique_ptr<TextSource> source(new TextSource(std::move(name), descriptor, buffer_bytes));
  if (absl::Status status = source->Inspect(); !status.ok()) return status;
  if (absl::Status status = source->Begin(encoding); !status.ok()) {
    return Prefixed(source->path_, status);
  }
  return source;
}

absl::Status TextSource::Inspect() {
  struct stat about;
  if (fstat(descriptor_, &about) != 0) return absl::ErrnoToStatus(errno, path_);
  if (S_ISDIR(about.st_mode)) return absl::ErrnoToStatus(EISDIR, path_);
  if (S_ISREG(about.st_mode)) total_bytes_ = about.st_size;
#ifdef POSIX_FADV_SEQUENTIAL
  posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL);  // a hint: a failure does not matter
#endif
  return absl::OkStatus();
}

absl::Status TextSource::Begin(std::string_view encoding) {
  constexpr size_t kLongestMark = 4;
  while (end_ < kLongestMark) {
    absl::StatusOr<bool> filled = Fill();
    if (!filled.ok()) return filled.status();
    if (!*filled) break;
  }
  const std::string_view head(input_.data(), end_);
  const Mark mark = FindMark(head);
  absl::StatusOr<Encoding> chosen = ChooseEncoding(encoding, mark, head);
  if (!chosen.ok()) return chosen.status();
  begin_ = mark.bytes;
  if (*chosen == Encoding::kUtf8) return absl::OkStatus();
  absl::StatusOr<std::unique_ptr<Converter>> converter = Converter::Open(*chosen);
  if (!converter.ok()) return converter.status();
  converter_ = *std::move(converter);
  output_.resize(2 * input_.size());
  return absl::OkStatus();
}

// Appends to what is left of the input. False: the end.
absl::StatusOr<bool> TextSource::Fill() {
  std::memmove(input_.data(), input_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  ssize_t got;
  do {
    got = read(descriptor_, input_.data() + end_, input_.size() - end_);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return absl::ErrnoToStatus(errno, "cannot read");
  end_ += static_cast<size_t>(got);
  bytes_read_ += got;
  return got > 0;
}

absl::StatusOr<std::string_view> TextSource::NextChunk() {
  if (!failed_.ok()) return failed_;
  absl::StatusOr<std::string_view> chunk = converter_ == nullptr ? NextRaw() : NextConverted();
  if (!chunk.ok()) {
    failed_ = Prefixed(path_, chunk.status());
    return failed_;
  }
  return chunk;
}

absl::StatusOr<std::string_view> TextSource::NextRaw() {
  if (begin_ == end_) {
    if (absl::StatusOr<bool> filled = Fill(); !filled.ok()) return filled.status();
  }
  const std::string_view chunk(input_.data() + begin_, end_ - begin_);
  begin_ = end_;
  return chunk;
}

absl::StatusOr<std::string_view> TextSource::NextConverted() {
  char* out = output_.data();
  size_t room = output_.size();
  bool starved = begin_ == end_;
  while (out == output_.data()) {
    if (starved) {
      absl::StatusOr<bool> filled = Fill();
      if (!filled.ok()) return filled.status();
      if (!*filled && begin_ == end_) break;
      if (!*filled) {
        return absl::InvalidArgumentError(
            absl::StrCat("ends within a UTF-16 character at byte offset ", OffsetOfInput()));
      }
    }
    char* in = input_.data() + begin_;
    size_t left = end_ - begin_;
    const Converter::Result result = converter_->Convert(in, left, out, room);
    begin_ = end_ - left;
    starved = result != Converter::Result::kInputInvalid;
    if (result != Converter::Result::kInputInvalid || out != output_.data()) continue;
    if (!converter_->passes_invalid_bytes()) {
      return absl::InvalidArgumentError(
          absl::StrCat("not UTF-16 at byte offset ", OffsetOfInput()));
    }
    *out++ = input_[begin_++];
  }
  return std::string_view(output_.data(), static_cast<size_t>(out - output_.data()));
}

}  // namespace throughline
