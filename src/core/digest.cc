#include "core/digest.h"

#include <sodium/crypto_generichash.h>

#include <cstdint>
#include <string_view>

namespace throughline {
namespace {

void Append(std::string_view text, std::string& bytes) {
  for (uint64_t size = text.size(), i = 0; i < 8; ++i, size >>= 8) {
    bytes.push_back(static_cast<char>(size & 0xff));
  }
  bytes.append(text);
}

std::string Digest(std::string_view bytes, std::string_view salt) {
  std::string digest(16, '\0');
  const auto* key = reinterpret_cast<const unsigned char*>(salt.data());
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     salt.empty() ? nullptr : key, salt.size());
  return digest;
}

}  // namespace

std::string ProfileDigest(const ContactProfileRow& profile) {
  std::string bytes;
  for (const std::string* text : {&profile.name, &profile.email, &profile.phone, &profile.title}) {
    Append(*text, bytes);
  }
  for (const Attribute& attribute : profile.attributes) {
    Append(attribute.name, bytes);
    Append(attribute.value, bytes);
  }
  return Digest(bytes, profile.salt);
}

std::string EmailIdentity(std::string_view email_key, std::string_view secret) {
  std::string bytes;
  Append("email", bytes);
  Append(email_key, bytes);
  return Digest(bytes, secret);
}

std::string ExternalIdentity(std::string_view system, std::string_view key,
                             std::string_view secret) {
  std::string bytes;
  Append("external_id", bytes);
  Append(system, bytes);
  Append(key, bytes);
  return Digest(bytes, secret);
}

std::string NoteDigest(const NoteRow& note) {
  std::string bytes;
  Append(note.text, bytes);
  return Digest(bytes, note.salt);
}

}  // namespace throughline
