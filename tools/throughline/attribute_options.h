#ifndef THROUGHLINE_TOOLS_ATTRIBUTE_OPTIONS_H_
#define THROUGHLINE_TOOLS_ATTRIBUTE_OPTIONS_H_

#include "command_options.h"

namespace throughline {

// The command `attribute`.
void AddAttribution(CLI::App& app, AttributeArguments& a, Action& chosen);

// INVALID_ARGUMENT names an option that was given, but changes nothing beside the others.
absl::Status CheckAttributeOptions(const AttributeArguments& a);

}  // namespace throughline

#endif  // THROUGHLINE_TOOLS_ATTRIBUTE_OPTIONS_H_
