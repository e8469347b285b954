package io.aisle.batch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.aisle.serving.ServeMain;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The walls of the house. */
@AnalyzeClasses(
        packages = {"io.aisle.core", "io.aisle.training", "io.aisle.serving", "io.aisle.batch"},
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] JOBS = {
        "generate", "explore", "prepare", "train", "evaluate", "promote", "classify", "monitor", "plan", "doctor"
    };

    @ArchTest
    static final ArchRule coreKnowsNeitherSparkNorHadoopNorDjl = noClasses()
            .that()
            .resideInAPackage("io.aisle.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.spark..",
                    "org.apache.hadoop..",
                    "com.johnsnowlabs..",
                    "ai.djl..",
                    "io.aisle.training..",
                    "io.aisle.batch..");

    @ArchTest
    static final ArchRule trainingKnowsNeitherSparkNorTheJobs = noClasses()
            .that()
            .resideInAPackage("io.aisle.training..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "com.johnsnowlabs..", "io.aisle.batch..");

    @ArchTest
    static final ArchRule servingKnowsNeitherSparkNorHadoopNorTheJobs = noClasses()
            .that()
            .resideInAPackage("io.aisle.serving..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.spark..", "org.apache.hadoop..", "ai.djl..", "io.aisle.training..", "io.aisle.batch..");

    @ArchTest
    static final ArchRule partsOfTheServiceKnowNoCycles = SlicesRuleDefinition.slices()
            .matching("io.aisle.serving.(*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule jobsMeetAtDatasetsAndBundlesNotInCode = SlicesRuleDefinition.slices()
            .assignedFrom(new JobPackages())
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule whatJobsShareKnowsNoJob = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.aisle.batch.catalog..",
                    "io.aisle.batch.dataset..",
                    "io.aisle.batch.gpu..",
                    "io.aisle.batch.linear..",
                    "io.aisle.batch.measure..",
                    "io.aisle.batch.ngram..",
                    "io.aisle.batch.profile..",
                    "io.aisle.batch.reduced..",
                    "io.aisle.batch.report..",
                    "io.aisle.batch.score..",
                    "io.aisle.batch.sparknlp..",
                    "io.aisle.batch.storage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JobPackages.patterns());

    @ArchTest
    static final ArchRule onlySparkSessionsBuildsSessions = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(SparkSessions.class.getName())
            .should()
            .callMethod(SparkSession.class, "builder")
            .orShould()
            .callConstructor(SparkConf.class)
            .orShould()
            .callConstructor(SparkContext.class, SparkConf.class)
            .orShould()
            .callConstructor(JavaSparkContext.class, SparkConf.class);

    @ArchTest
    static final ArchRule nobodyChoosesTheMaster = noClasses()
            .should()
            .callMethod(SparkSession.Builder.class, "master", String.class)
            .orShould()
            .callMethod(SparkConf.class, "setMaster", String.class);

    @ArchTest
    static final ArchRule onlyMainsEndTheProcess = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Main.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(ServeMain.class.getName())
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);

    @ArchTest
    static final ArchRule onlyMainsKnowTheConsole = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Main.class.getName())
            .and()
            .doNotHaveFullyQualifiedName(ServeMain.class.getName())
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule nothingUsesJavaUtilLogging =
            noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging..");

    /** One slice a job. */
    private static final class JobPackages implements SliceAssignment {
        static String[] patterns() {
            String[] patterns = new String[JOBS.length];
            for (int i = 0; i < JOBS.length; i++) {
                patterns[i] = "io.aisle.batch." + JOBS[i] + "..";
            }
            return patterns;
        }

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            for (String job : JOBS) {
                if (javaClass.getPackageName().startsWith("io.aisle.batch." + job)) {
                    return SliceIdentifier.of(job);
                }
            }
            return SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "jobs";
        }
    }
}
