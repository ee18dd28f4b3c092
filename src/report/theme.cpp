// SPDX-License-Identifier: Apache-2.0
#include "report/theme.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>

namespace ridgepoint::report {
namespace {

/// Prefill and decode are the vermillion and the blue of Okabe and Ito, which people with any
/// colour vision tell apart; lightened for dark grounds. What serves both is grey.
struct Colour {
  std::string_view name;
  std::string_view light;
  std::string_view dark;
};
constexpr std::array kPalette{
    Colour{"surface", "#ffffff", "#0d1117"},     Colour{"panel", "#f7f8f9", "#151b23"},
    Colour{"ink", "#1a2027", "#e8edf2"},         Colour{"muted", "#56616c", "#9aa6b2"},
    Colour{"rule", "#dfe3e7", "#2b333c"},        Colour{"axis", "#9aa3ac", "#5c6772"},
    Colour{"memory-tint", "#eef6f2", "#10211d"}, Colour{"compute-tint", "#f6f0f7", "#211827"},
    Colour{"memory", "#00694c", "#4fc79e"},      Colour{"compute", "#8f3f72", "#dd9cc4"},
    Colour{"prefill", "#d55e00", "#f5964f"},     Colour{"decode", "#0072b2", "#5cb5ec"},
    Colour{"mixed", "#4d5359", "#b9c0c7"},       Colour{"weights", "#5b6b7a", "#8497a8"},
    Colour{"kv", "#b9861a", "#e0b04b"},          Colour{"warning", "#b3261e", "#ff8a80"}};

/// What else the bars of pages show. A time waits for compute, weights, KV cache, state,
/// activations and the network, always in this order, so that like colours never touch.
constexpr std::array kBarPalette{
    Colour{"state", "#7d9b2c", "#a9c65a"},  Colour{"acts", "#2f8d86", "#5fbdb5"},
    Colour{"net", "#2f3f94", "#8fa0ff"},    Colour{"overhead", "#a3adb6", "#5c6772"},
    Colour{"prefix", "#8a5a12", "#b98a3a"}, Colour{"loss", "#fbefee", "#2a1716"}};

/// `property` of `selector` in a colour of the palette. The plain value comes first for renderers
/// that know no custom properties.
struct Rule {
  std::string_view selector;
  std::string_view property;
  std::string_view colour;
};
constexpr std::array kRules{Rule{".ground", "fill", "surface"},
                            Rule{".grid", "stroke", "rule"},
                            Rule{".axis,.leader,.drop", "stroke", "axis"},
                            Rule{".roof,.ridge", "stroke", "ink"},
                            Rule{".ridge", "fill", "surface"},
                            Rule{".floor", "stroke", "muted"},
                            Rule{".memory-region", "fill", "memory-tint"},
                            Rule{".compute-region", "fill", "compute-tint"},
                            Rule{".memory-name", "fill", "memory"},
                            Rule{".compute-name", "fill", "compute"},
                            Rule{".p", "fill", "prefill"},
                            Rule{".p", "stroke", "prefill"},
                            Rule{".d", "fill", "decode"},
                            Rule{".d", "stroke", "decode"},
                            Rule{".x", "fill", "mixed"},
                            Rule{".x", "stroke", "mixed"},
                            Rule{".tp", "fill", "prefill"},
                            Rule{".td", "fill", "decode"},
                            Rule{".tx", "fill", "mixed"},
                            Rule{".curve", "stroke", "decode"},
                            Rule{".expected,.measured", "stroke", "ink"},
                            Rule{".measured,.ep,.ed,.ex", "fill", "surface"},
                            Rule{".fall", "stroke", "axis"},
                            Rule{".ep", "stroke", "prefill"},
                            Rule{".ed", "stroke", "decode"},
                            Rule{".ex", "stroke", "mixed"},
                            Rule{".weights", "fill", "weights"},
                            Rule{".kv", "fill", "kv"},
                            Rule{".free", "fill", "panel"},
                            Rule{".free", "stroke", "axis"},
                            Rule{".over,.wall", "stroke", "warning"},
                            Rule{".alarm", "fill", "warning"},
                            Rule{".t", "fill", "ink"},
                            Rule{".m", "fill", "muted"},
                            Rule{".halo", "stroke", "surface"}};

constexpr std::array kBarRules{Rule{".work", "fill", "compute"},
                               Rule{".state", "fill", "state"},
                               Rule{".acts", "fill", "acts"},
                               Rule{".net", "fill", "net"},
                               Rule{".overhead", "fill", "overhead"},
                               Rule{".prefix", "fill", "prefix"},
                               Rule{".room", "fill", "kv"},
                               Rule{".first", "fill", "prefill"},
                               Rule{".rest", "fill", "decode"},
                               Rule{".cut", "stroke", "surface"},
                               Rule{".ring", "stroke", "decode"},
                               Rule{"svg .left", "stroke", "axis"},
                               Rule{".loss", "fill", "loss"},
                               Rule{".heat", "fill", "decode"},
                               Rule{".beyond-memory", "fill", "warning"},
                               Rule{".beyond-limits", "fill", "axis"}};

constexpr std::string_view kShapes =
    R"(svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px;font-variant-numeric:tabular-nums}
svg .name{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
svg .title{font-size:21px;font-weight:650;letter-spacing:-.01em}
svg .subtitle{font-size:14px}
svg .small{font-size:11px}
svg .region{font-size:11px;font-weight:650;letter-spacing:.08em}
svg .strong{font-weight:650}
.grid{stroke-width:1}
.axis{stroke-width:1}
.leader{stroke-width:1}
.drop{stroke-width:1;stroke-dasharray:2 4}
.roof{stroke-width:2.5;fill:none;stroke-linejoin:round;stroke-linecap:round}
.ridge{stroke-width:2.5}
.floor{stroke-width:1.5;fill:none}
.curve{stroke-width:2.5;fill:none;stroke-linejoin:round}
.expected{stroke-width:2;fill:none;stroke-linejoin:round}
.measured,.ep,.ed,.ex{stroke-width:2}
.fall{stroke-width:1}
.beyond{stroke-dasharray:3 5;opacity:.75}
.wall{stroke-width:1.5}
.over{stroke-width:1.5;fill:none}
.p,.d,.x{fill-opacity:.42;stroke-width:1.5}
.dot{fill-opacity:1}
.halo{stroke-width:4;stroke-linejoin:round;paint-order:stroke}
.end{text-anchor:end}
.mid{text-anchor:middle}
)";

constexpr std::string_view kPage = R"(*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--surface);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:70rem;margin:0 auto;padding:3rem 1.5rem 4rem}
h1{font-size:clamp(1.6rem,1.1rem + 2.2vw,2.4rem);line-height:1.15;letter-spacing:-.015em;margin:.2rem 0 .4rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;line-height:1.3;letter-spacing:-.005em;margin:3rem 0 .6rem}
h3{font-size:1rem;margin:1.6rem 0 .3rem}
p{margin:.5rem 0;max-width:44rem}
.eyebrow{color:var(--muted);font-size:.85rem;letter-spacing:.06em;text-transform:uppercase;margin:0}
.setting{color:var(--muted);margin:0 0 1.2rem}
.lead p{font-size:1.1rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:1px;border:1px solid var(--rule);border-radius:8px;overflow:hidden;margin:1.6rem 0}
.facts div{box-shadow:0 0 0 1px var(--rule);padding:.8rem 1rem}
.facts dt{color:var(--muted);font-size:.8rem}
.facts dd{margin:0;font-size:1.15rem;font-weight:650;line-height:1.3}
.facts dd small{display:inline-block;font-size:.8rem;font-weight:400;color:var(--muted)}
dl.facts{margin:1.2rem 0}
figure{margin:1.2rem 0}
figure svg{display:block;width:100%;height:auto}
figcaption{color:var(--muted);font-size:.875rem;max-width:44rem;margin-top:.4rem}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:0 2.5rem}
.pair section{min-width:0}
.narrow{display:none!important}
.scroll{overflow-x:auto;margin:.6rem -1.5rem;padding:0 1.5rem}
table{border-collapse:collapse;font-size:.8125rem;line-height:1.35;white-space:nowrap;min-width:100%}
th,td{padding:.32rem .5rem;font-weight:400;border-bottom:1px solid var(--rule)}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
thead th{color:var(--muted);vertical-align:bottom;border-bottom-color:var(--axis)}
thead .unit{display:block;font-size:.75rem}
tfoot th,tfoot td{border-bottom:0;border-top:1px solid var(--axis)}
tfoot th{font-weight:650}
tbody th,td.left{font-weight:400}
tbody th{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.95em}
.left{text-align:left}
.right{text-align:right}
td.memory{color:var(--memory)}
td.compute{color:var(--compute)}
td.warning{color:var(--warning)}
td.faint{color:var(--muted)}
details{border-top:1px solid var(--rule);padding:.5rem 0}
details:last-of-type{border-bottom:1px solid var(--rule)}
summary{cursor:pointer}
summary code{font-weight:650}
summary .brief{color:var(--muted);font-size:.875rem;margin-left:.6rem}
code{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace;font-size:.9em}
details table{margin:.5rem 0 .3rem;white-space:normal}
details td{vertical-align:baseline}
math{font-size:1.05em}
ul{padding-left:1.2rem;max-width:48rem}
li{margin:.25rem 0}
.small table{min-width:0}
.small th,.small td{padding-right:1.2rem}
.sources th{font-family:inherit}
.sources td:last-child{white-space:normal;overflow-wrap:anywhere;min-width:16rem}
footer{color:var(--muted);font-size:.8125rem;border-top:1px solid var(--rule);margin-top:3rem;padding-top:1rem}
.bars table{white-space:nowrap}
.room{fill-opacity:.35}
.beyond-memory,.beyond-limits{fill-opacity:.3}
.cut{stroke-width:1}
svg .left{fill:none;stroke-dasharray:2 3}
.ring{fill:none;stroke-width:1.5}
@media (max-width:46rem){.pair{display:block}main{padding:1.5rem 1rem 3rem}.wide{display:none!important}.narrow{display:block!important}.scroll{margin:.6rem -1rem;padding:0 1rem}}
@media print{main{max-width:none;padding:0}body{font-size:10pt}details{break-inside:avoid}figure,table{break-inside:avoid}h2{break-after:avoid}.scroll{overflow:visible}}
)";

std::string properties(std::span<const Colour> colours, std::string_view Colour::* shade) {
  std::string out;
  for (const Colour& colour : colours) out += fmt::format("--{}:{};", colour.name, colour.*shade);
  return out;
}

/// The custom properties in both schemes; `first` stands before them.
std::string colours_css(std::span<const Colour> colours, std::string_view first) {
  std::string css = fmt::format(":root{{{}{}}}\n", first, properties(colours, &Colour::light));
  css += fmt::format("@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n",
                     properties(colours, &Colour::dark));
  return css;
}

std::string_view light(std::string_view name) {
  for (const std::span<const Colour> palette :
       {std::span<const Colour>(kPalette), std::span<const Colour>(kBarPalette)}) {
    for (const Colour& colour : palette) {
      if (colour.name == name) return colour.light;
    }
  }
  return "";
}

std::string rules_css(std::span<const Rule> rules) {
  std::string css;
  for (const Rule& rule : rules) {
    css += fmt::format("{0}{{{1}:{2};{1}:var(--{3})}}\n", rule.selector, rule.property,
                       light(rule.colour), rule.colour);
  }
  return css;
}

}  // namespace

std::string picture_css() {
  return colours_css(kPalette, "color-scheme:light dark;") + std::string(kShapes) +
         rules_css(kRules);
}

std::string page_css() {
  return colours_css(kBarPalette, "") + rules_css(kBarRules) + std::string(kPage);
}

}  // namespace ridgepoint::report
