#include "to_c.h"

namespace throughline::capi {
namespace {

// For structs that hold no attributes.
template <class C, class Cpp>
void GivePlain(const Cpp& in, C& out) {
  AttributeLists none;
  out = {};
  GiveMembers(in, out, none);
}

}  // namespace

void Give(const Source& in, tl_source& out) { GivePlain(in, out); }
void Give(const Lineage& in, tl_lineage& out) { GivePlain(in, out); }
void Give(const StageRef& in, tl_stage_ref& out) {
  out.id = in.id;
  Give(in.phase, out.phase);
  Give(in.kind, out.kind);
}

}  // namespace throughline::capi
