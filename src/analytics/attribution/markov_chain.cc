#include "analytics/attribution/markov_chain.h"

#include <Eigen/Dense>
#include <Eigen/IterativeLinearSolvers>
#include <algorithm>

#include "analytics/attribution/reduced_chains.h"

namespace throughline {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kTolerance = 1e-13;  // of the iteration's residual
constexpr int kMaxIterations = 2'000;

// How often each state is left: as often as it is entered.
std::vector<double> VisitsOf(const Transitions& t) {
  std::vector<double> visits(t.states.size());
  for (size_t i = 0; i < visits.size(); ++i) visits[i] = t.conversions[i] + t.nulls[i];
  for (const TransitionEdge& edge : t.edges) visits[edge.from] += edge.weight;
  return visits;
}

// What each state is to bring next: the conversions, then the values of each currency.
MatrixXd RewardsOf(const Transitions& t, const std::vector<double>& visits) {
  MatrixXd rewards(t.states.size(), 1 + t.values.size());
  for (Index i = 0; i < rewards.rows(); ++i) {
    const auto state = static_cast<size_t>(i);
    rewards(i, 0) = t.conversions[state] / visits[state];
    for (size_t c = 0; c < t.values.size(); ++c) {
      rewards(i, static_cast<Index>(c) + 1) = t.values[c][state] / visits[state];
    }
  }
  return rewards;
}

MatrixXd SystemOf(const Transitions& t, const std::vector<double>& visits) {
  const auto size = static_cast<Index>(t.states.size());
  MatrixXd system = MatrixXd::Identity(size, size);
  for (const TransitionEdge& edge : t.edges) {
    system(edge.from, edge.to) -= edge.weight / visits[edge.from];
  }
  return system;
}

std::vector<Index> StatesWith(const Transitions& t, uint32_t key) {
  std::vector<Index> states;
  for (size_t i = 0; i < t.states.size(); ++i) {
    if (t.states[i].Has(key)) states.push_back(static_cast<Index>(i));
  }
  return states;
}

// Puts what is lost of each reward without a key, as a share of all there is.
class EffectWriter {
 public:
  EffectWriter(const Transitions& t, size_t keys) : all_(static_cast<Index>(1 + t.values.size())) {
    const double starts = SumOf(t.starts);
    all_[0] = SumOf(t.conversions) / starts;
    for (size_t c = 0; c < t.values.size(); ++c) {
      all_[static_cast<Index>(c) + 1] = SumOf(t.values[c]) / starts;
    }
    effects_.states = t.states.size();
    effects_.conversions.resize(keys);
    effects_.values.assign(t.values.size(), std::vector<double>(keys));
  }

  // `lost`: by reward, for each path.
  void Write(size_t key, const VectorXd& lost) {
    const auto share = [&](Index i) { return all_[i] == 0 ? 0.0 : lost[i] / all_[i]; };
    effects_.conversions[key] = share(0);
    for (size_t c = 0; c < effects_.values.size(); ++c) {
      effects_.values[c][key] = share(static_cast<Index>(c) + 1);
    }
  }
  const VectorXd& all() const { return all_; }
  RemovalEffects& effects() { return effects_; }

 private:
  VectorXd all_;
  RemovalEffects effects_;
};

VectorXd StartsOf(const Transitions& t) {
  const Eigen::Map<const VectorXd> starts(t.starts.data(), static_cast<Index>(t.starts.size()));
  return starts / SumOf(t.starts);
}

// Up to kCopies keys from `key` on.
void SolveCopies(const Transitions& t, const ReducedChains::Incoming& incoming,
                 const std::vector<double>& visits, uint32_t key, size_t count,
                 EffectWriter& writer) {
  ReducedChains chains(t, incoming);
  for (size_t copy = 0; copy < count; ++copy) {
    chains.LeaveOut(copy, key + static_cast<uint32_t>(copy));
  }
  Eigen::BiCGSTAB<ReducedChains, Eigen::IdentityPreconditioner> solver;
  solver.setTolerance(kTolerance);
  solver.setMaxIterations(kMaxIterations);
  solver.compute(chains);
  const double starts = SumOf(t.starts);
  const VectorXd right = chains.Spread(t.starts) / starts;
  const VectorXd solution = solver.solveWithGuess(right, chains.Spread(visits) / starts);
  const VectorXd left = right - chains * solution;
  const double norm = right.norm();
  RemovalEffects& effects = writer.effects();
  if (norm > 0) effects.residual = std::max(effects.residual, left.norm() / norm);
  const MatrixXd rewards = RewardsOf(t, visits);
  using Strided = Eigen::Map<const VectorXd, 0, Eigen::InnerStride<ReducedChains::kCopies>>;
  for (size_t copy = 0; copy < count; ++copy) {
    const Strided u(solution.data() + copy, rewards.rows());
    writer.Write(key + copy, writer.all() - rewards.transpose() * u);
  }
}

}  // namespace

RemovalEffects RemovalEffectsByFactorisation(const Transitions& t, size_t keys) {
  EffectWriter writer(t, keys);
  if (t.states.empty()) return std::move(writer.effects());
  const std::vector<double> visits = VisitsOf(t);
  const MatrixXd system = SystemOf(t, visits);
  const MatrixXd inverse = system.partialPivLu().inverse();
  const MatrixXd rewards = RewardsOf(t, visits);
  const MatrixXd expected = inverse * rewards;
  const VectorXd from_start = inverse.transpose() * StartsOf(t);
  if (const double norm = rewards.norm(); norm > 0) {
    writer.effects().residual = (rewards - system * expected).norm() / norm;
  }
  for (uint32_t key = 0; key < keys; ++key) {
    const std::vector<Index> states = StatesWith(t, key);
    if (states.empty()) continue;
    const MatrixXd within = inverse(states, states);
    const MatrixXd first = within.partialPivLu().solve(expected(states, Eigen::all));
    writer.Write(key, first.transpose() * from_start(states));
  }
  return std::move(writer.effects());
}

RemovalEffects RemovalEffectsByIteration(const Transitions& t, size_t keys) {
  EffectWriter writer(t, keys);
  if (t.states.empty()) return std::move(writer.effects());
  const std::vector<double> visits = VisitsOf(t);
  const ReducedChains::Incoming incoming = ReducedChains::IncomingOf(t, visits);
  for (size_t key = 0; key < keys; key += ReducedChains::kCopies) {
    const size_t count = std::min(keys - key, ReducedChains::kCopies);
    SolveCopies(t, incoming, visits, static_cast<uint32_t>(key), count, writer);
  }
  return std::move(writer.effects());
}

RemovalEffects RemovalEffectsOf(const Transitions& transitions, size_t keys) {
  const bool first_order =
      std::ranges::all_of(transitions.states, [](const PathState& s) { return s.length <= 1; });
  if (first_order || transitions.states.size() <= kMaxDenseStates) {
    return RemovalEffectsByFactorisation(transitions, keys);
  }
  return RemovalEffectsByIteration(transitions, keys);
}

}  // namespace throughline
