#ifndef THROUGHLINE_MODEL_FOLD_CASE_H_
#define THROUGHLINE_MODEL_FOLD_CASE_H_

#include <string>
#include <string_view>

// What two spellings of one text have in common. Rows are derived with it from old events: it rests
// on what Unicode promises never to change, the case and the normal form of an assigned character.

namespace throughline {

// The characters of a text; a byte that is not UTF-8 is U+FFFD.
std::u32string CodePoints(std::string_view text);

// In the compatibility form NFKC, letters in lower case, without invisible characters: what domains
// and mailboxes are compared by. U+FFFD stands for a byte that is not UTF-8.
std::string LowerCase(std::string_view text);

// The words of a name: NFKC_Casefold, single spaces between them, no punctuation ("J. O'Neil &
// Söhne" is "j oneil söhne"). "" if there are no words.
std::string FoldName(std::string_view name);

}  // namespace throughline

#endif  // THROUGHLINE_MODEL_FOLD_CASE_H_
