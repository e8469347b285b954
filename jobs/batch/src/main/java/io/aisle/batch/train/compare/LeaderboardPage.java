package io.aisle.batch.train.compare;

import io.aisle.batch.train.CascadeCurve;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A leaderboard as one HTML file that needs no other: light and dark, narrow and wide, on a screen and on paper. */
final class LeaderboardPage {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1c2024; --paper: #fff; --line: #d9dde2; --soft: #5c6570; --bar: #2f6f8f; --win: #e8f3ee; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6e9ec; --paper: #15181b; --line: #343a41; --soft: #9aa4af; --bar: #6fb3d2; --win: #1c2f27; }
            }
            body { margin: 0 auto; max-width: 78rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
              font: 1rem/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
            p { margin: .25rem 0; } .soft { color: var(--soft); }
            .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
            caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
            th, td { padding: .4rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
            th:first-child, td:first-child { text-align: left; } thead th { color: var(--soft); font-weight: 600; }
            tr.winner { background: var(--win); } tr.winner th { font-weight: 700; }
            .bar { display: block; height: .4rem; border-radius: .2rem; background: var(--bar); margin-top: .2rem; }
            @media print { body { max-width: none; } .scroll { overflow: visible; } }
            """;

    private LeaderboardPage() {}

    static String html(Leaderboard board) {
        StringBuilder page = new StringBuilder();
        page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Leaderboard</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(board.choice()
                        .map(choice -> "Take " + escaped(choice.winner().kind()))
                        .orElse("No kind could be trained"))
                .append("</h1>\n");
        board.choice()
                .ifPresent(choice -> choice.reasons()
                        .forEach(reason ->
                                page.append("<p>").append(escaped(reason)).append(".</p>\n")));
        page.append("<p class=\"soft\">Judged by ")
                .append(String.format(Locale.ROOT, "%,d", board.rows().getOrDefault("evaluated", 0L)))
                .append(" rows.</p>\n");
        table(page, board);
        board.outlook().ifPresent(outlook -> curve(page, outlook));
        failures(page, board);
        legend(page);
        return page.append("</main>\n</body>\n</html>\n").toString();
    }

    private static void table(StringBuilder page, Leaderboard board) {
        List<Map<String, String>> rows = board.cells();
        if (rows.isEmpty()) {
            return;
        }
        String winner = board.choice().orElseThrow().winner().kind();
        page.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Leaderboard\">\n<table>\n")
                .append("<caption>Best first; the bar is the accuracy.</caption>\n<thead>\n<tr>");
        rows.get(0)
                .keySet()
                .forEach(name ->
                        page.append("<th scope=\"col\">").append(escaped(name)).append("</th>"));
        page.append("</tr>\n</thead>\n<tbody>\n");
        for (Map<String, String> row : rows) {
            page.append(row.get("kind").equals(winner) ? "<tr class=\"winner\">" : "<tr>");
            row.forEach((name, cell) -> {
                if (name.equals("kind")) {
                    page.append("<th scope=\"row\">").append(escaped(cell)).append("</th>");
                } else {
                    page.append("<td>").append(escaped(cell));
                    if (name.equals("accuracy")) {
                        page.append("<span class=\"bar\" style=\"width:")
                                .append(String.format(Locale.ROOT, "%.1f", 100 * Double.parseDouble(cell)))
                                .append("%\"></span>");
                    }
                    page.append("</td>");
                }
            });
            page.append("</tr>\n");
        }
        page.append("</tbody>\n</table>\n</div>\n");
    }

    private static void curve(StringBuilder page, CascadeOutlook outlook) {
        page.append("<h2>Linear, and the network for the rest</h2>\n<p>")
                .append(escaped(outlook.inWords()))
                .append(".</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Cascade\">\n")
                .append(
                        "<table class=\"curve\">\n<caption>What a cascade would have come to on these rows.</caption>\n")
                .append("<thead>\n<tr><th scope=\"col\">to ")
                .append(escaped(outlook.network()))
                .append(
                        "</th><th scope=\"col\">where linear is under</th><th scope=\"col\">accuracy</th></tr>\n</thead>\n")
                .append("<tbody>\n");
        for (CascadeCurve.Point point : outlook.points()) {
            page.append(String.format(
                    Locale.ROOT,
                    "<tr><th scope=\"row\">%.1f%%</th><td>%.4f</td><td>%.4f</td></tr>\n",
                    100 * point.sentShare(),
                    point.threshold(),
                    point.accuracy()));
        }
        page.append("</tbody>\n</table>\n</div>\n");
    }

    private static void failures(StringBuilder page, Leaderboard board) {
        if (board.failed().isEmpty()) {
            return;
        }
        page.append("<h2>Failed</h2>\n<ul>\n");
        for (Entrant entrant : board.failed()) {
            page.append("<li><strong>")
                    .append(escaped(entrant.kind()))
                    .append("</strong>: ")
                    .append(escaped(entrant.reason()))
                    .append("</li>\n");
        }
        page.append("</ul>\n");
    }

    private static void legend(StringBuilder page) {
        page.append("<h2>What the columns say</h2>\n<ul class=\"soft\">\n")
                .append("<li>95%: bootstrap interval of the weighted F1.</li>\n")
                .append("<li>p: McNemar's test against the best; under ")
                .append(Leaderboard.SIGNIFICANT)
                .append(" the two differ by more than chance.</li>\n")
                .append(
                        "<li>ECE: expected calibration error. AUC: one class against the rest, weighted by rows.</li>\n")
                .append(
                        "<li>train s: wall time from prepared rows to the bundle. rows/s: scored, each distinct text once.</li>\n")
                .append("<li>heap MB: the most that the driver's heap held during the training.</li>\n</ul>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
