package io.aisle.batch.doctor;

import io.aisle.batch.doctor.JvmFacts.Versions;
import java.util.List;

/** Whether the cluster's Spark, Scala and Hadoop are those that Aisle was built for. */
final class VersionsCheck implements Check {
    private static final String NAME = "versions";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String subject() {
        return "Spark, Scala and Hadoop against those that Aisle was built for";
    }

    @Override
    public List<Finding> look(Examination examination) {
        return List.of(judge(examination.builtFor(), examination.jvms()));
    }

    static Finding judge(BuiltFor builtFor, List<JvmFacts> jvms) {
        String found = Texts.each(jvms, jvm -> {
            Versions versions = jvm.versions();
            return "Spark " + versions.spark() + ", Scala " + versions.scala() + ", Hadoop " + versions.hadoop();
        });
        String expected = "Spark " + builtFor.spark() + ", Scala " + builtFor.scala() + ", Hadoop " + builtFor.hadoop();
        boolean isApart = jvms.stream().map(JvmFacts::versions).distinct().count() > 1;
        if (isApart) {
            return Finding.fail(
                    NAME,
                    found + ", expected the same everywhere",
                    "Give driver and executors the same Spark: one image, one SPARK_HOME, or on YARN spark.yarn.archive.");
        }
        Versions versions = jvms.get(0).versions();
        if (!minor(versions.spark()).equals(minor(builtFor.spark()))
                || !minor(versions.scala()).equals(builtFor.scala())) {
            return Finding.fail(
                    NAME,
                    found + ", expected " + expected,
                    "Run on Spark " + minor(builtFor.spark()) + " for Scala " + builtFor.scala()
                            + ", or build Aisle for this one (spark.version in pom.xml) and run its tests.");
        }
        boolean isSame = versions.spark().equals(builtFor.spark())
                && minor(versions.hadoop()).equals(minor(builtFor.hadoop()));
        return isSame
                ? Finding.ok(NAME, found)
                : Finding.warn(
                        NAME,
                        found + ", built for " + expected,
                        "Mostly harmless; try a small run before a large one, and keep S3's jars (hadoop-aws) of the cluster's Hadoop.");
    }

    /** The first two numbers. */
    private static String minor(String version) {
        String[] numbers = version.split("[.-]", -1);
        return numbers.length < 2 ? version : numbers[0] + "." + numbers[1];
    }
}
