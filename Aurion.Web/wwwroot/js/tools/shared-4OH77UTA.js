var $=/(?:^|\n)(?:(?:#+ |\*\*|`)?([\w./-]+\.\w+)(?:\*\*|`)?:?\s*\n)?(?:```\w*\n)?<{5,9} ?SEARCH\n([\s\S]*?)\n?={5,9}\n([\s\S]*?)\n?>{5,9} ?REPLACE/g,u=/<file path="([^"\n]+)">\n?([\s\S]*?)<\/file>/g,x=/<file path="([^"\n]+)">/g,g=l=>l.length<=120&&/^[\p{L}\p{N}_-][\p{L}\p{N}_.-]*(\/[\p{L}\p{N}_-][\p{L}\p{N}_.-]*){0,8}$/u.test(l);function S(l,e,n){let s=new Map(l.map(({path:c,text:p})=>[c,p])),i=new Set,t=[];for(let[,c,p]of e.matchAll(u))g(c)?(s.set(c,m(p).replace(/\n?$/,`
`)),i.add(c)):t.push({kind:"path",path:c});let h=[...e.matchAll(u)].length,f=[...e.matchAll(x)];f.length>h&&t.push({kind:"cut",path:f.at(-1)[1]});let a=n;for(let[,c,p,k]of e.replace(u,"").matchAll($)){let o=a=c&&(s.has(c)||!n)?c:a??[...s.keys()].find(w=>s.get(w).includes(p));if(!o||!s.has(o)){t.push({kind:o&&!g(o)?"path":"fits",path:o??"?"});continue}let r=s.get(o),d=A(r,p);d===null?t.push({kind:"fits",path:o}):d==="twice"?t.push({kind:"twice",path:o}):(s.set(o,r.slice(0,d.from)+k+r.slice(d.to)),i.add(o))}return n&&i.size===0&&t.length===0&&/```/.test(e)&&(s.set(n,m(e.slice(e.indexOf("```"))).replace(/\n?$/,`
`)),i.add(n)),i.size===0&&t.length===0&&t.push({kind:"none",path:""}),{files:[...s].map(([c,p])=>({path:c,text:p})),changed:[...i],faults:t}}function A(l,e){if(e.trim()==="")return null;let n=l.indexOf(e);if(n>=0)return l.indexOf(e,n+1)>=0?"twice":{from:n,to:n+e.length};let s=l.split(`
`),i=e.split(`
`).map(f=>f.trim()),t=s.map((f,a)=>a).filter(f=>i.every((a,c)=>s[f+c]?.trim()===a));if(t.length!==1)return t.length>1?"twice":null;let h=s.slice(0,t[0]).join(`
`).length+(t[0]>0?1:0);return{from:h,to:h+s.slice(t[0],t[0]+i.length).join(`
`).length}}var m=l=>/^\s*```/.test(l)?l.replace(/^\s*```[^\n]*\n/,"").replace(/\n```[\s\S]*$/,`
`):l;function L(l="",e=""){let n=new Map;for(let i of l.split(`
`))n.set(i,(n.get(i)??0)+1);let s=0;for(let i of e.split(`
`)){let t=n.get(i)??0;t>0?n.set(i,t-1):s++}return{added:s,removed:[...n.values()].reduce((i,t)=>i+t,0)}}var _=l=>l.map(({path:e,text:n})=>`<file path="${e}">
${n.replace(/\n?$/,`
`)}</file>`).join(`
`);export{g as a,S as b,L as c,_ as d};
