package io.aisle.batch.evaluate;

import static io.aisle.batch.report.ReportJson.orNull;

import io.aisle.batch.report.ReportJson;
import io.aisle.batch.telemetry.TextTable;
import io.aisle.core.metric.PairedBootstrap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the gate found.
 *
 * @param macroF1 first the champion's, or that of naming the commonest class always; second the candidate's
 * @param championError expected calibration error; NaN without a champion
 * @param candidateError expected calibration error
 * @param classes those with rows, that which dropped most first
 * @param lost rows that speak for each label that the champion can name and the candidate cannot
 * @param added labels that the candidate can name and the champion cannot
 */
record GateReport(
        List<Rule> rules,
        PairedBootstrap macroF1,
        double championError,
        double candidateError,
        List<ClassPair> classes,
        Map<String, Long> lost,
        List<String> added) {

    /** One class as both models judge it. */
    record ClassPair(String label, long rows, double championF1, double candidateF1) {
        /** How much F1 it lost. */
        double drop() {
            return championF1 - candidateF1;
        }
    }

    boolean isPassed() {
        return rules.stream().allMatch(Rule::passed);
    }

    /** The rules that refuse, each with what it found. */
    String refusals() {
        return rules.stream().filter(rule -> !rule.passed()).map(Rule::refusal).collect(Collectors.joining("; "));
    }

    /** What every rule found, in one line. */
    String summary() {
        return rules.stream().map(rule -> rule.rule() + " " + rule.found()).collect(Collectors.joining("; "));
    }

    /** What to do about the first rule that refuses. */
    String advice() {
        return rules.stream()
                .filter(rule -> !rule.passed())
                .findFirst()
                .map(Rule::advice)
                .orElse("");
    }

    /** The rules for a console. */
    TextTable table() {
        TextTable table = new TextTable("rule", "found", "limit", "passed");
        rules.forEach(rule -> table.row(rule.rule(), rule.found(), rule.limit(), rule.passed() ? "yes" : "NO"));
        return table;
    }

    /**
     * Everything, for programs: what is undefined is null.
     *
     * @param candidate name and version of the model
     * @param champion name and version of what it was compared with; null without
     */
    String json(Map<String, String> candidate, Map<String, String> champion) {
        Map<String, Object> f1 = new LinkedHashMap<>();
        f1.put("champion", orNull(macroF1.first()));
        f1.put("candidate", orNull(macroF1.second()));
        f1.put("delta", orNull(macroF1.delta()));
        f1.put("lower_95", orNull(macroF1.interval().lower()));
        f1.put("upper_95", orNull(macroF1.interval().upper()));
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("champion", orNull(championError));
        error.put("candidate", orNull(candidateError));
        List<Object> pairs = new ArrayList<>();
        for (ClassPair pair : classes) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("label", pair.label());
            entry.put("rows", pair.rows());
            entry.put("champion_f1", pair.championF1());
            entry.put("candidate_f1", pair.candidateF1());
            pairs.add(entry);
        }
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("passed", isPassed());
        report.put("candidate", candidate);
        report.put("champion", champion);
        report.put("rules", rules);
        report.put("macro_f1", f1);
        report.put("expected_calibration_error", error);
        report.put("classes", pairs);
        report.put("lost_classes", lost);
        report.put("added_classes", added);
        report.put("notes", macroF1.notes());
        return ReportJson.of(report);
    }
}
