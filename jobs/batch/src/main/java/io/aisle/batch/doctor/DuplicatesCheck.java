package io.aisle.batch.doctor;

import io.aisle.batch.doctor.DuplicateClasses.Clash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether two jars of the class path hold the same classes in different versions, on the driver and every executor: a failure where one of
 * them came with the job.
 */
final class DuplicatesCheck implements Check {
    static final String NAME = "duplicate classes";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "classes that two jars of the class path hold, of libraries whose versions matter, on the driver and every executor";
    }

    @Override
    public List<Finding> look(Examination examination) {
        return List.of(judge(examination.jvms()));
    }

    static Finding judge(List<JvmFacts> jvms) {
        Map<Clash, List<String>> clashes = new LinkedHashMap<>();
        for (JvmFacts jvm : jvms) {
            jvm.duplicates()
                    .forEach(clash -> clashes.computeIfAbsent(clash, absent -> new ArrayList<>())
                            .add(jvm.name()));
        }
        List<String> versions = new ArrayList<>();
        List<String> ofCluster = new ArrayList<>();
        List<String> copies = new ArrayList<>();
        clashes.forEach((clash, where) ->
                (clash.isCopy() ? copies : clash.isBrought() ? versions : ofCluster).add(inWords(clash, where)));
        if (!versions.isEmpty()) {
            return Finding.fail(
                    NAME,
                    "different versions: " + Texts.some(versions) + ", expected each class once",
                    "Leave one of the jars out: look through --jars, --packages, spark.driver.extraClassPath, spark.executor.extraClassPath and"
                            + " $SPARK_HOME/jars. The first named is the one that is used.");
        }
        if (!ofCluster.isEmpty()) {
            return Finding.warn(
                    NAME,
                    "different versions among the cluster's own jars: " + Texts.some(ofCluster)
                            + ", expected each class once",
                    "Every job of this cluster runs with both, and with the first named of them.");
        }
        return copies.isEmpty()
                ? Finding.ok(NAME, "none among the libraries that matter, on " + Texts.where(jvms))
                : Finding.warn(
                        NAME,
                        "copies: " + Texts.some(copies) + ", expected each class once",
                        "Harmless as long as they stay the same; leave one of the jars out before one of them is updated.");
    }

    private static String inWords(Clash clash, List<String> where) {
        return clash.classes() + (clash.classes() == 1 ? " class" : " classes") + " in " + clash.first() + " and in "
                + clash.other() + ", such as " + clash.example() + " (" + Texts.some(where) + ")";
    }
}
