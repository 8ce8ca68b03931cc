//! What is built in: every crate of the server and of the app with its version and licence, as CycloneDX (security promise 12).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use cargo_metadata::{CargoOpt, DependencyKind, MetadataCommand, Package, PackageId};
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::component::Classification;
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata;
use cyclonedx_bom::prelude::{
    Bom, Component, Components, DateTime, NormalizedString, SpdxExpression, Validate as _,
};

use crate::{Outcome, tools};

/// What people run.
const SHIPPED: [&str; 2] = ["server", "mobile-shell"];

/// What a crate is called in the list; never the folder in which it lies here.
fn reference(package: &Package) -> String {
    format!("{}@{}", package.name, package.version)
}

fn component(package: &Package) -> Result<Component, Box<dyn std::error::Error>> {
    let version = package.version.to_string();
    let mut component =
        Component::new(Classification::Library, &package.name, &version, Some(reference(package)));
    if package.source.is_some() {
        component.purl = Some(Purl::new("cargo", &package.name, &version)?);
    }
    let licence = package.license.as_deref().map(|licence| SpdxExpression::parse_lax(licence.to_owned()));
    if let Some(Ok(expression)) = licence {
        component.licenses = Some(Licenses(vec![LicenseChoice::Expression(expression)]));
    }
    component.description = package.description.as_deref().map(NormalizedString::new);
    Ok(component)
}

/// Writes the list.
pub(crate) fn write(out: &Path) -> Outcome {
    let metadata = MetadataCommand::new()
        .features(CargoOpt::AllFeatures)
        .other_options(["--locked".to_owned()])
        .exec()?;
    let graph = metadata.resolve.as_ref().ok_or("cargo tells no dependencies")?;
    let nodes: BTreeMap<&PackageId, _> = graph.nodes.iter().map(|node| (&node.id, node)).collect();
    let mut open: Vec<&PackageId> = metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| SHIPPED.contains(&package.name.as_str()))
        .map(|package| &package.id)
        .collect();
    let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
    let mut dependencies = Vec::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = nodes.get(id).ok_or("a crate is not in the graph")?;
        let built_in = |kinds: &[cargo_metadata::DepKindInfo]| {
            kinds.iter().any(|kind| matches!(kind.kind, DependencyKind::Normal | DependencyKind::Build))
        };
        let below: Vec<&PackageId> =
            node.deps.iter().filter(|below| built_in(&below.dep_kinds)).map(|below| &below.pkg).collect();
        dependencies.push(Dependency {
            dependency_ref: reference(&metadata[id]),
            dependencies: below.iter().map(|below| reference(&metadata[below])).collect(),
        });
        open.extend(below);
    }
    let components = seen.into_iter().map(|id| component(&metadata[id])).collect::<Result<_, _>>()?;
    let bom = Bom {
        metadata: Some(Metadata {
            timestamp: Some(DateTime::now()?),
            component: Some(Component::new(
                Classification::Application,
                "noaber",
                env!("CARGO_PKG_VERSION"),
                None,
            )),
            ..Metadata::default()
        }),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(dependencies)),
        ..Bom::default()
    };
    let checked = bom.validate();
    if !checked.passed() {
        return Err(format!("the list is not as CycloneDX wants it: {checked:?}").into());
    }
    if let Some(folder) = out.parent() {
        std::fs::create_dir_all(folder)?;
    }
    bom.output_as_json_v1_5(&mut File::create(out)?)?;
    tools::say(&format!("Written: {}", out.display()));
    Ok(())
}
