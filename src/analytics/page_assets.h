#ifndef THROUGHLINE_ANALYTICS_PAGE_ASSETS_H_
#define THROUGHLINE_ANALYTICS_PAGE_ASSETS_H_

#include <string_view>

// Files of assets/ that are part of this floor: see its CMakeLists.txt.

namespace throughline {

extern const std::string_view kEchartsScript;
extern const std::string_view kPageTemplate;
extern const std::string_view kPageStyle;
extern const std::string_view kChartPartsScript;
extern const std::string_view kBarChartsScript;
extern const std::string_view kCurveChartsScript;
extern const std::string_view kFlowChartScript;
extern const std::string_view kPageScript;

}  // namespace throughline

#endif  // THROUGHLINE_ANALYTICS_PAGE_ASSETS_H_
