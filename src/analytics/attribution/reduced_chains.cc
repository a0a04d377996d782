#include "analytics/attribution/reduced_chains.h"

namespace throughline {

ReducedChains::Incoming ReducedChains::IncomingOf(const Transitions& transitions,
                                                  const std::vector<double>& visits) {
  Incoming incoming;
  incoming.begins.resize(transitions.states.size() + 1);
  for (const TransitionEdge& edge : transitions.edges) ++incoming.begins[edge.to + 1];
  for (size_t i = 1; i < incoming.begins.size(); ++i) incoming.begins[i] += incoming.begins[i - 1];
  incoming.from.resize(transitions.edges.size());
  incoming.chances.resize(transitions.edges.size());
  std::vector<uint64_t> next(incoming.begins.begin(), incoming.begins.end() - 1);
  for (const TransitionEdge& edge : transitions.edges) {
    const uint64_t at = next[edge.to]++;
    incoming.from[at] = edge.from;
    incoming.chances[at] = edge.weight / visits[edge.from];
  }
  return incoming;
}

void ReducedChains::LeaveOut(size_t copy, uint32_t key) {
  for (size_t state = 0; state < size(); ++state) {
    if (transitions_.states[state].Has(key)) kept_[state * kCopies + copy] = 0;
  }
}

Eigen::VectorXd ReducedChains::Spread(const std::vector<double>& of_states) const {
  Eigen::VectorXd spread(rows());
  for (Index i = 0; i < rows(); ++i) {
    const auto at = static_cast<size_t>(i);
    spread[i] = of_states[at / kCopies] * kept_[at];
  }
  return spread;
}

void ReducedChains::MultiplyAdd(const double* vector, double factor, double* to) const {
  using Copies = Eigen::Array<double, kCopies, 1>;
  using In = Eigen::Map<const Copies>;
  for (size_t state = 0; state < size(); ++state) {
    Copies sum = Copies::Zero();
    for (uint64_t i = incoming_.begins[state]; i < incoming_.begins[state + 1]; ++i) {
      sum += incoming_.chances[i] * In(vector + incoming_.from[i] * kCopies);
    }
    const size_t at = state * kCopies;
    Eigen::Map<Copies>(to + at) += factor * (In(vector + at) - sum * In(kept_.data() + at));
  }
}

}  // namespace throughline
