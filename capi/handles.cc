#include "handles.h"

#include "to_c.h"

namespace throughline::capi {
namespace {

std::vector<tl_text> ViewsOf(const std::vector<std::string>& texts) {
  std::vector<tl_text> views;
  views.reserve(texts.size());
  for (const std::string& text : texts) views.push_back(TextOf(text));
  return views;
}

}  // namespace

OpenLedger::~OpenLedger() {
  ledger.reset();
  if (destroy == nullptr) return;
  const CallbackScope scope;
  destroy(payload);
}

void LogFailure(const OpenLedger& open, tl_status status, const tl_error* error) noexcept {
  const tl_status code = TL_STATUS_CLASS(status);
  if (code != TL_UNAVAILABLE && code != TL_DATA_LOSS && code != TL_RESOURCE_EXHAUSTED &&
      code != TL_INTERNAL) {
    return;
  }
  const CallbackScope scope;
  const std::string_view name = tl_status_name(status);
  const std::string_view message = error == nullptr ? "" : error->message;
  char line[sizeof(tl_error::message) + 64];
  const size_t head = name.copy(line, name.size());
  size_t size = head;
  if (!message.empty()) {
    line[size++] = ':';
    line[size++] = ' ';
    size += message.copy(line + size, sizeof(line) - size);
  }
  open.log(open.payload, code == TL_UNAVAILABLE ? TL_LOG_WARNING : TL_LOG_ERROR, line, size);
}

std::unique_ptr<tl_policy> MakePolicy(std::shared_ptr<const Policy> policy, int64_t version) {
  auto handle = std::make_unique<tl_policy>();
  for (const Stage& stage : policy->stages()) {
    handle->reasons.push_back(ViewsOf(stage.reasons));
    handle->aliases.push_back(ViewsOf(stage.aliases));
  }
  handle->policy = std::move(policy);
  handle->version = version;
  return handle;
}

}  // namespace throughline::capi
