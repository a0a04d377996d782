// The parts of Apache ECharts that the report page draws with.
export {init} from 'echarts/core';
import {BarChart, LineChart, SankeyChart, ScatterChart} from 'echarts/charts';
import {AriaComponent, GridComponent, TooltipComponent} from 'echarts/components';
import {use} from 'echarts/core';
import {LabelLayout} from 'echarts/features';
import {SVGRenderer} from 'echarts/renderers';

use([BarChart, LineChart, SankeyChart, ScatterChart, AriaComponent, GridComponent,
     TooltipComponent, LabelLayout, SVGRenderer]);
