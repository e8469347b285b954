package io.aisle.batch.evaluate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reader must know first.
 *
 * @param level ok, fail, or info where nothing was to be decided
 * @param title in a few words
 * @param sentences why, and what to do
 */
record Verdict(String level, String title, List<String> sentences) {
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("level", level);
        json.put("title", title);
        json.put("sentences", sentences);
        return json;
    }
}
