package io.aisle.batch.report;

import io.aisle.batch.storage.Directory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One report: {@code NAME.json}, and {@code NAME.html}, which holds that JSON, the styles and the scripts, and asks the network for
 * nothing.
 *
 * <p>The page shares styles and scripts with the service's page. Its scripts are modules; since one file has no others beside it, an
 * import map gives each as a {@code data:} address.
 */
public final class Report {
    private static final String LOOK = "/io/aisle/core/look/";
    private static final String HERE = "/io/aisle/batch/report/";
    private static final List<String> STYLES = List.of(LOOK + "css/base.css", HERE + "report.css");
    private static final List<String> MODULES = List.of(
            LOOK + "js/dom.js",
            LOOK + "js/format.js",
            LOOK + "js/metrics.js",
            HERE + "report.js",
            HERE + "table.js",
            HERE + "charts.js");
    /** Modules name each other as neighbours, which within {@code data:} addresses there are none of. */
    private static final Pattern NEIGHBOUR = Pattern.compile("(?<=from \")\\./(?=[a-z-]+\\.js\";)");

    /** Characters of a text that are shown: a label may be as long as it likes, a page may not. */
    private static final int MAX_TEXT = 400;

    private Report() {}

    /**
     * Writes both files.
     *
     * @param name of the files, and of the script that knows the report: explore, evaluate, monitor or leaderboard
     * @param numbers what the page shows; bounded, whatever the input, since a browser has to hold it
     */
    public static void write(Directory output, String name, Map<String, Object> numbers) {
        String json = ReportJson.ofShortTexts(numbers, MAX_TEXT);
        output.write(name + ".json", json);
        output.write(name + ".html", html(name, json));
    }

    /** The page. */
    static String html(String name, String json) {
        StringBuilder styles = new StringBuilder();
        STYLES.forEach(style -> styles.append(resource(style)));
        List<String> imports = new ArrayList<>();
        for (String module : MODULES) {
            String source = NEIGHBOUR.matcher(resource(module)).replaceAll("");
            imports.add("\"" + module.substring(module.lastIndexOf('/') + 1) + "\":\"data:text/javascript;base64,"
                    + Base64.getEncoder().encodeToString(source.getBytes(StandardCharsets.UTF_8)) + "\"");
        }
        return resource(HERE + "report.html")
                .replace("{{title}}", Character.toUpperCase(name.charAt(0)) + name.substring(1))
                .replace("{{styles}}", styles)
                .replace("{{d3}}", resource(HERE + "d3.min.js"))
                .replace("{{imports}}", "{\"imports\":{" + String.join(",", imports) + "}}")
                .replace(
                        "{{script}}",
                        NEIGHBOUR.matcher(resource(HERE + name + ".js")).replaceAll(""))
                // last, so that no text of a catalog can be taken for a place to fill; no tag can begin within it
                .replace("{{data}}", json.replace("<", "\\u003c"));
    }

    private static String resource(String name) {
        try (InputStream resource = Report.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IllegalArgumentException("found no resource " + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
