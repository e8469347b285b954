package io.aisle.batch.doctor;

import java.util.ArrayList;
import java.util.List;

/** The version of Java, and whether Spark may reach into its packages. */
final class JavaCheck implements Check {
    static final String OPENS = "java packages";

    @Override
    public String name() {
        return "java";
    }

    @Override
    public String subject() {
        return "Java 17 and its open packages, on the driver and every executor";
    }

    @Override
    public List<Finding> look(Examination examination) {
        return judge(examination.jvms());
    }

    static List<Finding> judge(List<JvmFacts> jvms) {
        List<Finding> findings = new ArrayList<>();
        String versions = "Java " + Texts.each(jvms, JvmFacts::java) + " on " + Texts.where(jvms);
        String expected = ", expected " + BuiltFor.JAVA;
        String remedy = "Point JAVA_HOME at a JDK 17 where the driver starts and on every node (YARN:"
                + " spark.yarn.appMasterEnv.JAVA_HOME and spark.executorEnv.JAVA_HOME; EMR and Dataproc: docs/deploy.md).";
        if (jvms.stream().anyMatch(jvm -> jvm.javaFeature() < BuiltFor.JAVA)) {
            findings.add(Finding.fail("java", versions + expected, remedy));
        } else if (jvms.stream().anyMatch(jvm -> jvm.javaFeature() > BuiltFor.JAVA)) {
            findings.add(Finding.warn("java", versions + expected + ", the newest that Spark 3.5 supports", remedy));
        } else {
            findings.add(Finding.ok("java", versions));
        }
        List<JvmFacts> closed =
                jvms.stream().filter(jvm -> !jvm.closedPackages().isEmpty()).toList();
        findings.add(
                closed.isEmpty()
                        ? Finding.ok(OPENS, "all that Spark needs are open on " + Texts.where(jvms))
                        : Finding.fail(
                                OPENS,
                                "closed: "
                                        + Texts.each(closed, jvm -> "java.base/" + Texts.some(jvm.closedPackages()))
                                        + " on "
                                        + Texts.some(closed.stream()
                                                .map(JvmFacts::name)
                                                .toList())
                                        + ", expected them open",
                                "Start by spark-submit, which opens them; for a process of your own add"
                                        + " --add-opens=java.base/PACKAGE=ALL-UNNAMED for each, as java.opens of pom.xml does."));
        return findings;
    }
}
