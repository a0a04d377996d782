#ifndef THROUGHLINE_ANALYTICS_ATTRIBUTION_REDUCED_CHAINS_H_
#define THROUGHLINE_ANALYTICS_ATTRIBUTION_REDUCED_CHAINS_H_

#include <Eigen/Core>
#include <Eigen/SparseCore>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "analytics/attribution/transitions.h"

// A chain without some of its keys, each key left out of a copy of its own, as one linear system:
// (I - Q') u = starts, u being how often each state is then visited. Eigen's iterative solvers take
// it as a matrix, of which they only want products.

namespace throughline {
class ReducedChains;
}  // namespace throughline

namespace Eigen::internal {
template <>
struct traits<throughline::ReducedChains> : traits<SparseMatrix<double>> {};
}  // namespace Eigen::internal

namespace throughline {

class ReducedChains : public Eigen::EigenBase<ReducedChains> {
 public:
  using Scalar = double;
  using RealScalar = double;
  using StorageIndex = int;
  enum {  // NOLINTBEGIN(readability-identifier-naming): as Eigen asks for them
    ColsAtCompileTime = Eigen::Dynamic,
    MaxColsAtCompileTime = Eigen::Dynamic,
    IsRowMajor = false
  };  // NOLINTEND(readability-identifier-naming)
  // How many are solved at once: as many as share a walk over the transitions at little cost.
  static constexpr size_t kCopies = 8;

  // Chances of transition by where they lead, with where they come from.
  struct Incoming {
    std::vector<uint64_t> begins;  // states + 1
    std::vector<uint32_t> from;
    std::vector<double> chances;
  };
  static Incoming IncomingOf(const Transitions& transitions, const std::vector<double>& visits);

  ReducedChains(const Transitions& transitions, const Incoming& incoming)
      : transitions_(transitions), incoming_(incoming), kept_(size() * kCopies, 1.0) {}

  // From now on without `key` in this copy.
  void LeaveOut(size_t copy, uint32_t key);
  // A number for each state as a number for each state and copy: 0 where the key is left out.
  Eigen::VectorXd Spread(const std::vector<double>& of_states) const;

  Index rows() const { return static_cast<Index>(size() * kCopies); }
  Index cols() const { return rows(); }

  template <class Vector>
  Eigen::Product<ReducedChains, Vector, Eigen::AliasFreeProduct> operator*(
      const Eigen::MatrixBase<Vector>& vector) const {
    return {*this, vector.derived()};
  }
  // to += factor * this * vector
  void MultiplyAdd(const double* vector, double factor, double* to) const;

 private:
  size_t size() const { return transitions_.states.size(); }

  const Transitions& transitions_;
  const Incoming& incoming_;
  std::vector<double> kept_;  // by state and copy: 1, or 0 where its key is left out
};

}  // namespace throughline

namespace Eigen::internal {
template <class Vector>
struct generic_product_impl<throughline::ReducedChains, Vector, SparseShape, DenseShape,
                            GemvProduct>
    : generic_product_impl_base<throughline::ReducedChains, Vector,
                                generic_product_impl<throughline::ReducedChains, Vector>> {
  template <class To>
  static void scaleAndAddTo(To& to, const throughline::ReducedChains& chains, const Vector& vector,
                            const double& factor) {
    const VectorXd plain = vector;  // NOLINT: evaluates what may be an expression
    chains.MultiplyAdd(plain.data(), factor, to.data());
  }
};
}  // namespace Eigen::internal

#endif  // THROUGHLINE_ANALYTICS_ATTRIBUTION_REDUCED_CHAINS_H_
